// SPDX-License-Identifier: Apache-2.0
using System.Data;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Tutti.Dst.Inbound;

namespace Tutti.Dst.Capture;

/// <summary>
/// Writes the capture mailbox: one writer, one commit for all messages that wait (group commit). <see cref="Keep"/> returns when the message is on disk.
/// </summary>
internal sealed class CaptureStore : IAsyncDisposable
{
    private const int MostInCommit = 500;
    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(1024) { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly TimeProvider _clock;
    private readonly Task _writer;

    /// <summary>Opens the mailbox in a distributor's data folder.</summary>
    public CaptureStore(string dataFolder, TimeProvider clock)
    {
        _clock = clock;
        _connection = CaptureFile.Open(dataFolder);
        _writer = Task.Run(Write);
    }

    /// <summary>Keeps a message, once for each recipient.</summary>
    /// <exception cref="SqliteException">It could not be written; nothing of it is kept.</exception>
    public async Task Keep(ReceivedMail mail, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(connection => Insert(connection, mail), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await _waiting.Writer.WriteAsync(waiting, cancellationToken);

        // The bytes belong to the writer until it is done with them, so this wait cannot be given up.
        await waiting.Done.Task;
    }

    /// <summary>Removes what is too old or too much, a little at a time.</summary>
    /// <returns>How many messages went; when it is not 0 there may be more to remove.</returns>
    public async Task<int> Trim(TimeSpan keep, int most, CancellationToken cancellationToken)
    {
        var removed = 0;
        var oldest = _clock.GetUtcNow().Subtract(keep).ToUnixTimeMilliseconds();
        var waiting = new Waiting(connection => removed = Remove(connection, oldest, most), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await _waiting.Writer.WriteAsync(waiting, cancellationToken);
        await waiting.Done.Task;
        return removed;
    }

    /// <summary>Writes what waits and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writer;
        await _connection.DisposeAsync();
    }

    private async Task Write()
    {
        var batch = new List<Waiting>(MostInCommit);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MostInCommit && _waiting.Reader.TryRead(out var next))
            {
                batch.Add(next);
            }

            try
            {
                using var transaction = _connection.BeginTransaction(IsolationLevel.Serializable);
                batch.ForEach(waiting => waiting.Work(_connection));
                transaction.Commit();
                batch.ForEach(waiting => waiting.Done.SetResult());
            }
            catch (SqliteException failure)
            {
                batch.ForEach(waiting => waiting.Done.SetException(failure));
            }
        }
    }

    private void Insert(SqliteConnection connection, ReceivedMail mail)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO captured (taken_at, sender, recipient, size, message) VALUES ($at, $sender, $recipient, $size, zeroblob($size)); SELECT last_insert_rowid();";
        command.Parameters.AddWithValue("$at", _clock.GetUtcNow().ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$sender", mail.From);
        command.Parameters.AddWithValue("$size", mail.Message.Length);
        var recipient = command.Parameters.Add("$recipient", SqliteType.Text);
        foreach (var address in mail.Recipients)
        {
            recipient.Value = address;
            var id = (long)command.ExecuteScalar()!;
            using var blob = new SqliteBlob(connection, "captured", "message", id);
            blob.Write(mail.Message.Span);
        }
    }

    private static int Remove(SqliteConnection connection, long oldest, int most)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            DELETE FROM captured WHERE id IN (
                SELECT id FROM captured
                WHERE taken_at < $oldest OR id <= (SELECT id FROM captured ORDER BY id DESC LIMIT 1 OFFSET $most)
                ORDER BY id LIMIT 500)
            """;
        command.Parameters.AddWithValue("$oldest", oldest);
        command.Parameters.AddWithValue("$most", most);
        return command.ExecuteNonQuery();
    }

    private sealed record Waiting(Action<SqliteConnection> Work, TaskCompletionSource Done);
}
