// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Tutti.Dst.Smtp;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Smtp;

/// <summary>Against a mail server that is not ours: Postfix's smtp-sink.</summary>
public sealed class SmtpSinkTests
{
    private const int Connections = 10;
    private const int Count = 2000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_thousand_messages_over_ten_connections_arrive(bool announce)
    {
        var endpoint = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        using var sink = Start(endpoint);
        try
        {
            var next = 0;
            var accepted = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => Converse(endpoint, () => Interlocked.Increment(ref next), announce))));

            Assert.Equal(Count, accepted.Sum());
        }
        finally
        {
            sink.Kill();
            await sink.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task<int> Converse(IPEndPoint endpoint, Func<int> next, bool announce)
    {
        await using var connection = await Connect(endpoint);
        var accepted = 0;
        for (var mail = Mail(next()); mail is not null;)
        {
            Assert.Equal(Result.Ready, (await connection.Prepare(mail)).Result);
            var following = Mail(next());
            Assert.Equal(Result.Accepted, (await connection.Complete(announce ? following : null)).Result);
            accepted++;
            mail = following;
        }

        await connection.Quit();
        return accepted;
    }

    private static async Task<SmtpConnection> Connect(IPEndPoint endpoint)
    {
        while (true)
        {
            // It takes a moment until the sink listens.
            var (connection, failure) = await Sending.Dial(endpoint);
            if (connection is not null)
            {
                return connection;
            }

            Assert.Contains("No connection", failure!.Text, StringComparison.Ordinal);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static OutgoingMail? Mail(int number) => number > Count
        ? null
        : Sending.Mail($"r{number}@y.example", $"Subject: {number}\r\n\r\n" + string.Concat(Enumerable.Repeat(".A line with a dot in front.\r\n", number % 300)));

    private static Process Start(IPEndPoint endpoint)
    {
        // Started by root it wants somebody else to be.
        var user = Environment.UserName == "root" ? "-u nobody " : "";
        return Process.Start(new ProcessStartInfo("smtp-sink", string.Create(CultureInfo.InvariantCulture, $"{user}127.0.0.1:{endpoint.Port} 100")) { UseShellExecute = false })!;
    }
}
