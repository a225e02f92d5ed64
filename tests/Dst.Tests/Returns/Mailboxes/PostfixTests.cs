// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Returns;
using Tutti.Dst.Returns.Mailboxes;
using Tutti.Dst.Smtp;
using Tutti.Dst.Tests.Smtp;

namespace Tutti.Dst.Tests.Returns.Mailboxes;

/// <summary>A mail server that is not ours takes our BDAT, and puts bounces into a Maildir that is read.</summary>
public sealed class PostfixTests
{
    [Fact]
    public async Task Postfix_takes_pieces_and_what_it_writes_into_a_Maildir_is_told_once()
    {
        await using var postfix = await PostfixServer.Start();
        await using var store = Store.OnSqlite();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var open = await OpenStore.Start(store.Database, clock);
        await open.Open(7);
        using var returning = await Returning.Of(open, store.Database);
        var settings = new ReturnSettings { ReturnDomain = Returning.Domain };
        using var worker = new FetchMaildirWorker(
            new MailboxSettings { ReturnMaildir = postfix.Maildir },
            new FetchedReturns(settings, open.Journal, returning.Signal, store.Database, clock),
            clock,
            NullLogger<FetchMaildirWorker>.Instance);

        await using (var connection = await Connect(postfix))
        {
            Assert.True(connection.Extensions.Chunking);
            await Send(connection, 1, Returning.Notification("5.1.1", "550 5.1.1 Nobody"), Result.Accepted);
            await Send(connection, 2, "Subject: reject this\r\n\r\nNo.\r\n", Result.Refused);
            await Send(connection, 3, Returning.Notification("5.1.1", "550 5.1.1 Nobody") + "\r\n.\r\n..\r\n", Result.Accepted);
            await connection.Quit();
        }

        var fetched = 0;
        while (fetched < 2)
        {
            fetched += Directory.Exists(Path.Combine(postfix.Maildir, "new")) ? await worker.Fetch(CancellationToken.None) : 0;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await returning.Reader.ReadAll(CancellationToken.None);
        Assert.Equal([1L, 3L], (await open.Events()).Select(told => told.Recipient).Order());
        Assert.Contains(Directory.EnumerateFiles(Path.Combine(postfix.Maildir, "cur")), file => File.ReadAllText(file).EndsWith("\n.\n..\n", StringComparison.Ordinal));
    }

    private static async Task<SmtpConnection> Connect(PostfixServer postfix)
    {
        while (true)
        {
            var (connection, _) = await Sending.Dial(postfix.Endpoint);
            if (connection is not null)
            {
                return connection;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static async Task Send(SmtpConnection connection, long recipient, string message, Result expected)
    {
        var mail = new OutgoingMail("", Returning.AddressOf(7, recipient), Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n")));
        Assert.Equal(expected, (await Sending.Send(connection, mail)).Result);
    }
}
