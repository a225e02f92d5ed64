// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.DropIns;

/// <summary>Where the content of a drop-in comes from.</summary>
internal enum DropInKind
{
    /// <summary>Somebody wrote it.</summary>
    Text,

    /// <summary>Somebody uploaded it.</summary>
    File,

    /// <summary>It is fetched from an address.</summary>
    Url,

    /// <summary>It is read from a database.</summary>
    Database,
}

/// <summary>A text that many messages use under its name, the same for all recipients.</summary>
/// <param name="Id">Its number; 0 before it is saved.</param>
/// <param name="Name">Exact, with its case.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Kind">Where its content comes from.</param>
/// <param name="IsHtml">Whether its content is HTML, which only an HTML part can hold.</param>
/// <param name="IsEnabled">One that is not leaves its tags as they are.</param>
/// <param name="Place">Name of the file, the address, or the name of the database.</param>
/// <param name="Body">What was written or uploaded, or the statement.</param>
/// <param name="By">Who saved it last.</param>
/// <param name="At">When.</param>
internal sealed record DropIn(long Id, string Name, string Description, DropInKind Kind, bool IsHtml, bool IsEnabled, string Place, string Body, Actor By, DateTimeOffset At)
{
    /// <summary>Whether its content has to be fetched.</summary>
    public bool IsFetched => Kind is DropInKind.Url or DropInKind.Database;

    /// <summary>Names what is fetched, so that what was fetched for something else does not count.</summary>
    public string Definition => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Kind}\n{Place}\n{Body}")));
}

/// <summary>What a drop-in holds for a job.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Definition">What it was fetched for.</param>
/// <param name="Value">The content.</param>
/// <param name="Problem">Why there is none; null if all is well.</param>
/// <param name="At">When it was fetched.</param>
internal sealed record FetchedDropIn(string Name, string Definition, string Value, string? Problem, DateTimeOffset At);

/// <summary>Something about a drop-in in a message that people have to know.</summary>
/// <param name="Name">As it stands in the message.</param>
/// <param name="Words">What is wrong.</param>
/// <param name="Blocks">Whether the message must not leave like this; otherwise the tag stays in it as it is.</param>
internal sealed record DropInTrouble(string Name, string Words, bool Blocks);
