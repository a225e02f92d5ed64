// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;

namespace Tutti.Lui.Jobs.Codes;

/// <summary>Numbers that are given out once, inside the transaction that uses them.</summary>
internal static class NumberSequence
{
    /// <summary>Mail jobs and test deliveries: one number space, because trackers and distributors know both by it.</summary>
    public const string Delivery = "delivery";

    /// <summary>Sets of recipients.</summary>
    public const string Recipients = "recipients";

    /// <summary>API tokens.</summary>
    public const string Token = "token";

    /// <summary>Databases that recipients are read from.</summary>
    public const string Database = "database";

    /// <summary>Files that travel with messages.</summary>
    public const string File = "file";

    /// <summary>Webhooks.</summary>
    public const string Webhook = "webhook";

    /// <summary>Folders of jobs.</summary>
    public const string Folder = "folder";

    /// <summary>What people are told.</summary>
    public const string Notice = "notice";

    /// <summary>Drop-ins.</summary>
    public const string DropIn = "drop-in";

    /// <summary>Sender profiles.</summary>
    public const string SenderProfile = "sender-profile";

    /// <summary>The next number, from 1..</summary>
    public static Task<long> Next(DbTransaction transaction, string name, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteScalarAsync<long>(new CommandDefinition(
            "UPDATE number_sequence SET last = last + 1 WHERE name = @name RETURNING last",
            new { name },
            transaction,
            cancellationToken: cancellationToken));
}
