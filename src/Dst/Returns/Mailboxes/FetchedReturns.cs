// SPDX-License-Identifier: Apache-2.0
using System.Data;
using Tutti.Dst.Journal;
using Tutti.Mail.Returns;
using Tutti.Wiring.Storage;

namespace Tutti.Dst.Returns.Mailboxes;

/// <summary>Puts fetched messages where the receiver puts those that are brought: on disk before the mailbox is touched, one that is fetched twice kept once.</summary>
internal sealed class FetchedReturns(ReturnSettings settings, JournalWorker journal, ReturnSignal signal, Database database, TimeProvider clock)
{
    private static readonly Statement _move = new(
        """
        INSERT INTO return_folder (folder, validity, uid) VALUES (@folder, @validity, @uid)
        ON CONFLICT (folder) DO UPDATE SET validity = excluded.validity, uid = excluded.uid
        """,
        ("folder", DbType.String), ("validity", DbType.Int64), ("uid", DbType.Int64));

    /// <summary>Why nothing can be fetched at present; null if it can.</summary>
    public string? Trouble { get; set; }

    /// <summary>Messages read before then may be removed from a mailbox.</summary>
    public DateTimeOffset KeptSince => clock.GetUtcNow() - settings.ReturnKeep;

    /// <summary>Most bytes of a message that count; what is behind them says nothing that matters.</summary>
    public int MostBytes => settings.ReturnMessageSize;

    /// <summary>Keeps a message, and with it how far a folder is read, both or neither. On disk when it returns.</summary>
    /// <returns>False if it was here already.</returns>
    public async Task<bool> Keep(byte[] message, FolderMark? mark = null)
    {
        var envelope = ReturnEnvelope.Of(message, settings.ReturnDomain);
        var mail = new NewReturn(clock.GetUtcNow().ToUnixTimeMilliseconds(), ReturnMailbox.DigestOf(envelope.Recipient, message), envelope.Sender, envelope.Recipient, message);
        var isNew = await journal.Write(session => ReturnStore.Keep(session, mail) | (mark is { } place && Move(session, place)));
        signal.Raise();
        return isNew;
    }

    /// <summary>Up to which message a folder has been read; null if it never was.</summary>
    public async Task<FolderMark?> MarkOf(string folder, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT validity, uid FROM return_folder WHERE folder = @folder";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("folder", folder);
        command.Parameters.Add(parameter);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new FolderMark(folder, (uint)row.GetInt64(0), (uint)row.GetInt64(1)) : null;
    }

    private static bool Move(JournalSession session, FolderMark mark)
    {
        session.Run(_move, mark.Folder, (long)mark.Validity, (long)mark.Uid);
        return false;
    }
}

/// <summary>Up to which message a folder has been read.</summary>
/// <param name="Folder">Server, user and folder.</param>
/// <param name="Validity">UIDVALIDITY: with another one all numbers are others (RFC 3501 §2.3.1.1).</param>
/// <param name="Uid">The last message that was kept.</param>
internal sealed record FolderMark(string Folder, uint Validity, uint Uid);
