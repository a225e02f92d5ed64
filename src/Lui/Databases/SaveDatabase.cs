// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Databases;

/// <summary>Names a database, or changes one: it is opened and asked for a row first, and only kept if that goes well.</summary>
internal sealed class SaveDatabase(DatabaseConnectionStore store, ConnectionSecrets secrets, QueryReader reader, HomeFolder home, TimeProvider clock)
{
    /// <summary>Longest name in characters.</summary>
    public const int MaxName = 80;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <param name="Before">The name of the one to change; null for a new one.</param>
    /// <param name="Name">How people choose it.</param>
    /// <param name="Kind">Which language it speaks.</param>
    /// <param name="Host">Where it is.</param>
    /// <param name="Port">Its port; 0 for the usual one.</param>
    /// <param name="Place">Name of the database, or path of the file.</param>
    /// <param name="Account">Who signs in.</param>
    /// <param name="Password">The password; null keeps the one that is there.</param>
    /// <param name="Verified">Only with TLS and a trusted certificate.</param>
    /// <param name="Who">Who saves it.</param>
    public sealed record Command(
        string? Before, string Name, DatabaseKind Kind, string Host, int Port, string Place, string Account, string? Password, bool Verified, Actor Who);

    public async Task<Outcome<DatabaseConnection>> Handle(Command command, CancellationToken cancellationToken)
    {
        var before = command.Before is null ? null : await store.Find(command.Before, cancellationToken);
        if (command.Before is not null && before is null)
        {
            return DatabaseRefusals.NotFound(command.Before);
        }

        if (Check(command) is { } refusal)
        {
            return refusal;
        }

        if (await store.Find(command.Name, cancellationToken) is { } other && other.Id != before?.Id)
        {
            return DatabaseRefusals.NameTaken(command.Name.Trim());
        }

        var isFile = command.Kind == DatabaseKind.Sqlite;
        var connection = new DatabaseConnection(
            before?.Id ?? 0,
            command.Name.Trim(),
            command.Kind,
            isFile ? "" : command.Host.Trim(),
            isFile ? 0 : command.Port == 0 ? DatabaseLook.PortOf(command.Kind) : command.Port,
            command.Place.Trim(),
            isFile ? "" : command.Account.Trim(),
            isFile ? "" : command.Password is { } password ? secrets.Hide(password) : before?.Secret ?? "",
            command.Verified,
            command.Who,
            clock.GetUtcNow());

        // A password that was given for one server must not be sent to another by somebody who does not know it.
        if (command.Password is null && before is not null && !isFile && (before.Host, before.Port, before.Kind) != (connection.Host, connection.Port, connection.Kind))
        {
            connection = connection with { Secret = "" };
        }

        var test = QueryStatement.Read(command.Kind == DatabaseKind.Sqlite ? "SELECT COUNT(*) FROM sqlite_master" : "SELECT 1", command.Kind).Value;
        if (!(await Task.Run(() => reader.Handle(connection, test, [], _patience, _ => default, _ => new(true), cancellationToken), cancellationToken)).Is(out _, out refusal))
        {
            return refusal;
        }

        await store.Save(connection, cancellationToken);
        return connection;
    }

    private Refusal? Check(Command command)
    {
        if (command.Name.Trim().Length is 0 or > MaxName || command.Name.Any(char.IsControl))
        {
            return DatabaseRefusals.Name(MaxName);
        }

        if (command.Place.Trim().Length == 0)
        {
            return DatabaseRefusals.Place();
        }

        if (command.Kind != DatabaseKind.Sqlite)
        {
            return Uri.CheckHostName(command.Host.Trim()) == UriHostNameType.Unknown || command.Port is < 0 or > 65_535 ? DatabaseRefusals.Host() : null;
        }

        var path = command.Place.Trim();
        if (!Path.IsPathFullyQualified(path) || !File.Exists(path))
        {
            return DatabaseRefusals.File(path);
        }

        // Our own files hold keys and passwords' hashes; a link to them is no way around.
        var real = (File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path)).FullName;
        return IsBelow(Path.GetFullPath(path)) || IsBelow(real) ? DatabaseRefusals.OwnFile() : null;
    }

    private bool IsBelow(string path) => path.StartsWith(home.Path.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
