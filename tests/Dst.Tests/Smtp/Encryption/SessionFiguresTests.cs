// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Returns;
using Tutti.Dst.Returns.Rules;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Encryption;

namespace Tutti.Dst.Tests.Smtp.Encryption;

/// <summary>What status and monitoring get to know of connections and of what comes back.</summary>
public sealed class SessionFiguresTests
{
    [Fact]
    public async Task Connections_are_counted_by_encryption_and_by_policies_that_were_not_met()
    {
        const string Plain = "S: 220 mx.example\nC: EHLO dst.example\nS: 250 mx.example\nX: close";
        const string Encrypted = "S: 220 mx.example\nC: EHLO dst.example\nS: 250-mx.example\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 Go\nX: tls\nC: EHLO dst.example\nS: 250 mx.example\nX: close";
        await using var peer = ScriptedPeer.Playing(Plain, Encrypted, Plain);
        using var figures = new SessionFigures();
        var dialer = new SmtpDialer(new SmtpSettings(), "dst.example", TimeProvider.System, figures: figures);
        var host = new MailHost("mx.example", peer.Endpoint.Port, [peer.Endpoint.Address]);

        await (await dialer.Dial([host], TestContext.Current.CancellationToken)).Connection!.DisposeAsync();
        await (await dialer.Dial([host], TestContext.Current.CancellationToken)).Connection!.DisposeAsync();
        var refused = await dialer.Dial([host with { Tls = new TlsDemand(TlsLevel.Encrypted, TlsPolicyKind.Sts, "a.example") }], TestContext.Current.CancellationToken);

        Assert.Null(refused.Connection);
        Assert.Equal((1L, 1L, 1L), (figures.Encrypted, figures.Plain, figures.Unmet));
    }

    [Fact]
    public void Returns_are_counted_by_class()
    {
        using var figures = new ReturnFigures();
        foreach (var (what, kind) in new[] { (CameBack.Bounced, BounceClass.Hard), (CameBack.Bounced, BounceClass.Hard), (CameBack.Bounced, BounceClass.Soft), (CameBack.Complained, BounceClass.None), (CameBack.Unsubscribed, BounceClass.None) })
        {
            figures.Count(new ReturnFinding(new ReturnedTo(7, 1), what, kind, "", ""));
        }

        figures.Count(null);

        Assert.Equal((2L, 1L, 0L, 1L), (figures.Of(BounceClass.Hard), figures.Of(BounceClass.Soft), figures.Of(BounceClass.Policy), figures.Complaints));
    }
}
