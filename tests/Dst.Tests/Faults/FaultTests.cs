// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Deliveries;

namespace Tutti.Dst.Tests.Faults;

/// <summary>
/// Receivers and name servers that do wrong, met by a whole distributor. After each the mailboxes of the receiver and the fates agree recipient by recipient:
/// accepted has one message, refused and expired have none, in doubt has one or none, nobody has two, everybody has a fate. What is covered where:
/// <list type="table">
/// <listheader><term>fault</term><description>here, with mailboxes and fates; and on the wire alone</description></listheader>
/// <item><term>banner delay</term><description><see cref="A_banner_that_is_late_is_waited_for"/>, <see cref="Every_fault_at_every_point_ends_with_fates_that_agree"/> (never comes)</description></item>
/// <item><term>421 at each command</term><description><see cref="Every_fault_at_every_point_ends_with_fates_that_agree"/>; storms: OperatorLanesTests</description></item>
/// <item><term>drop at each command, in the message, after the dot, after the answer</term><description>the same, by FIN and by RST; CutConnectionTests, ChunkingTests</description></item>
/// <item><term>half-open TCP</term><description>the same, "hang": not a byte and no end ever comes</description></item>
/// <item><term>a byte at a time</term><description>the same, "crawl": replies that trickle, and a message that is read so slowly that it would take a day</description></item>
/// <item><term>5xx per recipient, 552 at each command</term><description><see cref="A_permanent_no_at_any_point_refuses_one_recipient_and_nobody_else"/></description></item>
/// <item><term>8-bit refused</term><description><see cref="Eight_bit_characters_refuse_a_message_only_where_they_are_not_taken"/>; SmtpConnectionTests</description></item>
/// <item><term>TLS that fails, expired certificate with and without a demand</term><description><see cref="EncryptionFaultTests"/>; MtaStsTests, DaneTests, EncryptionTests</description></item>
/// <item><term>DNS silent, SERVFAIL, circles of CNAMEs, slow, lying</term><description><see cref="DnsFaultTests"/>; MailExchangersTests</description></item>
/// <item><term>kill -9 at each point</term><description>System.Tests, Kills.MomentTests (each moment) and Kills.KillTests (any moment)</description></item>
/// </list>
/// </summary>
public sealed class FaultTests : IAsyncLifetime
{
    private readonly FaultWorld _world = new();

    public static TheoryData<string, string> Faults
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var offer in new[] { "stepwise", "pipelining", "chunking" })
            {
                foreach (var does in new[] { "421 4.3.2 Closing down", "drop", "reset", "hang", "crawl" })
                {
                    data.Add(does, offer);
                }
            }

            return data;
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Every_fault_at_every_point_ends_with_fates_that_agree(string does, string offer)
    {
        ArgumentNullException.ThrowIfNull(does);
        var is421 = does.StartsWith("421", StringComparison.Ordinal);
        var cuts = !is421 && does != "crawl";
        List<Fault> faults =
        [
            new("banner", does), new("ehlo", does), new("mail", does), new("rcpt", "550 5.1.1 Nobody", "user2"), new("rset", does), new("rcpt", does, "user3"), new("dot", does, "user6", Keeps: !is421),
        ];
        if (offer != "chunking")
        {
            faults.Add(new("data", does, "user4"));
        }

        if (!is421)
        {
            faults.Add(new("body", does, "user5"));
        }

        if (cuts)
        {
            faults.Add(new("dot", does, "user7", Keeps: false));
            faults.Add(new("answer", does, "user8"));
        }

        await using var receiver = new FaultyReceiver(Offer.Named(offer), faults);

        // More than both ends of a connection take without being read: who does not come to the dot knows that it was not taken.
        var large = !is421 ? new string('x', 8 * 1024 * 1024) : "short";
        var fates = await _world.Deliver(receiver, 12, value: id => id == 5 ? large : $"value {id}");

        Assert.Empty(receiver.Left);
        var lost = cuts ? Fate.InDoubt : Fate.Accepted;
        Assert.Equal(
            [Fate.Accepted, Fate.Refused, Fate.Accepted, Fate.Accepted, Fate.Accepted, lost, lost, .. Enumerable.Repeat(Fate.Accepted, 5)],
            fates.Select(one => one.Fate));
        Assert.Equal(cuts ? 0 : 1, receiver.Taken.GetValueOrDefault("user7"));
    }

    [Fact]
    public async Task A_banner_that_is_late_is_waited_for()
    {
        await using var receiver = new FaultyReceiver(new Offer(), [new Fault("banner", "wait")]);
        var delivering = _world.Deliver(receiver, 3, tick: () =>
        {
            if (receiver.IsStuck && _world.Wire.GetUtcNow() - _world.Start >= TimeSpan.FromMinutes(4))
            {
                receiver.Release();
            }
            else if (receiver.IsStuck)
            {
                _world.Wire.Advance(TimeSpan.FromSeconds(10));
            }
        });

        Assert.All(await delivering, one => Assert.Equal(Fate.Accepted, one.Fate));
        Assert.Equal(1, receiver.Connections);
    }

    [Theory]
    [InlineData("stepwise")]
    [InlineData("pipelining")]
    [InlineData("chunking")]
    public async Task A_permanent_no_at_any_point_refuses_one_recipient_and_nobody_else(string offer)
    {
        List<Fault> faults =
        [
            new("rcpt", "550 5.1.1 No such user", "user2"), new("rcpt", "553 5.1.3 No such name", "user3"), new("rcpt", "552 5.2.2 Mailbox full", "user4"), new("dot", "552 5.3.4 Too big", "user6"),
            new("dot", "554 5.7.1 Spam", "user7"), new("mail", "552 5.3.4 Too big for us"),
        ];
        if (offer != "chunking")
        {
            faults.Add(new("data", "552 5.2.2 Over quota", "user5"));
        }

        await using var receiver = new FaultyReceiver(Offer.Named(offer), faults);

        var fates = await _world.Deliver(receiver, 12);

        Assert.Empty(receiver.Left);
        var refused = fates.Where(one => one.Fate == Fate.Refused).ToList();
        Assert.Equal(faults.Count, refused.Count);
        Assert.Equal(faults.Select(fault => fault.Does).Order(), refused.Select(one => one.Reply).Order());
        Assert.All(refused, one => Assert.Equal(1u, one.Attempts));
        Assert.Equal(12 - faults.Count, fates.Count(one => one.Fate == Fate.Accepted));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Eight_bit_characters_refuse_a_message_only_where_they_are_not_taken(bool taken)
    {
        await using var receiver = new FaultyReceiver(new Offer(EightBit: taken), []);
        await using var distributor = await _world.Begin($"127.0.0.1:{receiver.Port}");

        // What LUI compiles is quoted-printable; a delivery from elsewhere need not be.
        var eightBit = Make.WireDelivery(FaultWorld.Job + 1, _world.Start);
        eightBit.Content.Pieces.Add(new Piece { Fixed = ByteString.CopyFromUtf8("Grüße\r\n") });
        await distributor.Get<DeliveriesService>().Open(eightBit, new TestCall());
        await distributor.Submit(Make.WireBatch(eightBit.JobId, 1, 1, 3, id => $"other{id}@rcpt.example"));
        await distributor.Finish(eightBit.JobId, () => _world.PassTime(receiver));

        var other = await distributor.Events();
        Assert.Equal(3, other.Count);
        Assert.All(other, one => Assert.Equal(taken ? Fate.Accepted : Fate.Refused, one.Fate));
        Assert.All(other, one => Assert.Equal(!taken, one.Reply.Contains("8-bit", StringComparison.Ordinal)));
        Assert.Equal(taken ? 3 : 0, receiver.Taken.Count);
    }
}
