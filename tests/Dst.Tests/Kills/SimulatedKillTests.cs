// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Dst.Capture;

namespace Tutti.Dst.Tests.Kills;

/// <summary>kill -9 in the middle of a simulated delivery: the smarthost hears of nobody, and the capture mailbox has everybody once.</summary>
public sealed class SimulatedKillTests
{
    private const int Recipients = 1500;

    [Fact]
    public async Task Killed_again_and_again_no_receiver_sees_a_message_that_is_only_simulated()
    {
        await using var receiver = new Receiver();
        await using var distributor = await DistributorProcess.SetUp("Mode=smarthost", $"Smarthost=127.0.0.1:{receiver.Port}", "Connections=2", "StartTls=no", "RetryAfter=1s");
        await distributor.Start();
        await distributor.Open(1, delivery => delivery.Capture = true);
        await distributor.Submit(1, Recipients, id => string.Create(CultureInfo.InvariantCulture, $"user{id}@rcpt.example"), batch => batch.Capture = true);
        foreach (var reached in (ulong[])[1, 500])
        {
            await distributor.Until(1, now => now.Accepted >= reached);
            await distributor.KillAndStart();
        }

        var settled = await distributor.Until(1, now => now.Waiting + now.Deferred + now.OnTheWire == 0);
        Assert.Equal((ulong)Recipients, settled.Accepted + settled.InDoubt);
        Assert.Empty(receiver.Named);
        var kept = await new CaptureMailbox(Path.Combine(distributor.Folder, "data")).List(0, 10_000, null, TestContext.Current.CancellationToken);
        Assert.Equal(kept.Count, kept.Select(mail => mail.To).Distinct(StringComparer.Ordinal).Count());
        Assert.InRange((ulong)kept.Count, settled.Accepted, settled.Accepted + settled.InDoubt);

        // A real one beside it goes out, over the same store.
        await distributor.Open(2);
        await distributor.Submit(2, 3, id => string.Create(CultureInfo.InvariantCulture, $"real{id}@rcpt.example"));
        await distributor.Until(2, now => now.Accepted == 3);
        Assert.Equal(3, receiver.Count);
    }
}
