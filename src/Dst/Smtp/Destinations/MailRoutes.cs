// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tutti.Dst.Capture;
using Tutti.Dst.Listserv;
using Tutti.Dst.Smtp.Encryption;

namespace Tutti.Dst.Smtp.Destinations;

/// <summary>Finds the way of a message by the delivery mode of this distributor.</summary>
internal class MailRoutes(RouteSettings settings, MailExchangers exchangers, CaptureAddress capture, StsPolicies? policies = null, ListservSettings? listserv = null)
{
    /// <summary>Name of the queue of captured mail in a mode that delivers. No domain and no host has a blank in its name.</summary>
    public const string CaptureOnly = "CAPTURE (simulated)";

    private const string AllCaptured = "capture";
    private static readonly TlsDemand _encrypted = new(TlsLevel.Encrypted, TlsPolicyKind.None, "");
    private static readonly TlsDemand _certified = new(TlsLevel.Certified, TlsPolicyKind.None, "");

    /// <summary>The delivery mode.</summary>
    public virtual DeliveryMode Mode => settings.Mode;

    /// <summary>Name of the queue that mail for a domain waits in: mail with the same name goes the same way and shares connections.</summary>
    /// <param name="domain">Domain of the recipient in lower case.</param>
    public virtual string LaneOf(string domain) => settings.Mode switch
    {
        DeliveryMode.Capture => AllCaptured,
        DeliveryMode.Smarthost => settings.Smarthost,
        DeliveryMode.Mx => domain,
    };

    /// <summary>Whether there is a LISTSERV that mail can leave through.</summary>
    public bool HasListserv => Mode != DeliveryMode.Capture && listserv is { IsSetUp: true };

    /// <summary>Name of the queue that mail through LISTSERV waits in. No domain and no host has a blank in its name.</summary>
    public string ListservLane => Mode == DeliveryMode.Capture ? AllCaptured : HasListserv ? $"LISTSERV {listserv!.Domain}" : "LISTSERV (none)";

    /// <summary>Name of the queue that the mail of a simulated delivery waits in, whatever its domain.</summary>
    public string CaptureLane => Mode == DeliveryMode.Capture ? AllCaptured : CaptureOnly;

    /// <summary>The one host that takes everything of a queue, as <c>lanes.ini</c> may name it; null where the DNS says who receives.</summary>
    public string? OwnHostOf(string lane) => lane == CaptureOnly ? AllCaptured : IsListserv(lane) ? listserv?.MailHost.Host ?? lane : Mode == DeliveryMode.Mx ? null : HostAndPort.Read(lane, 25).Host;

    /// <summary>The way to a domain as it is now; remembered as long as the DNS allows.</summary>
    public virtual async ValueTask<Route> Find(string domain, CancellationToken cancellationToken) => settings.Mode switch
    {
        DeliveryMode.Capture => await ToCapture(cancellationToken),
        DeliveryMode.Smarthost or DeliveryMode.Mx when domain == CaptureOnly => await ToCapture(cancellationToken),
        DeliveryMode.Smarthost or DeliveryMode.Mx when IsListserv(domain) => await ToListserv(cancellationToken),
        DeliveryMode.Smarthost => await ToSmarthost(cancellationToken),
        DeliveryMode.Mx => await ToExchangers(domain, cancellationToken),
    };

    private static bool IsListserv(string lane) => lane.StartsWith("LISTSERV ", StringComparison.Ordinal);

    private async Task<Route> ToListserv(CancellationToken cancellationToken)
    {
        if (listserv is not { IsSetUp: true })
        {
            return Route.Deferred(ListservRefusals.NotSetUp().Message);
        }

        var (host, port) = listserv.MailHost;
        return await ToOwnHost(host, addresses => new MailHost(host, port, addresses), cancellationToken);
    }

    private async ValueTask<Route> ToExchangers(string domain, CancellationToken cancellationToken)
    {
        // Both are asked at once: a domain that is known costs nothing, a new one no more than the slower of the two.
        var policy = policies?.Find(domain, cancellationToken) ?? ValueTask.FromResult<StsPolicy?>(null);
        var route = await exchangers.Find(domain, cancellationToken);
        return route.Under(await policy, domain);
    }

    private async Task<Route> ToCapture(CancellationToken cancellationToken)
    {
        var endpoint = await capture.Get(cancellationToken);
        return Route.To(new MailHost(AllCaptured, endpoint.Port, [endpoint.Address]) { IsCapture = true });
    }

    private async Task<Route> ToSmarthost(CancellationToken cancellationToken)
    {
        var (host, port) = HostAndPort.Read(settings.Smarthost, settings.RemotePort);
        return await ToOwnHost(host, addresses => Smarthost(host, port, addresses), cancellationToken);
    }

    private static async Task<Route> ToOwnHost(string host, Func<IPAddress[], MailHost> make, CancellationToken cancellationToken)
    {
        try
        {
            // The administrator's own host: found as the operating system finds it, its hosts file included.
            var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
            return addresses.Length > 0 ? Route.To(make(addresses)) : Route.Deferred($"{host} has no address.");
        }
        catch (SocketException failure)
        {
            return Route.Deferred($"{host} was not found: {failure.Message}");
        }
    }

    private MailHost Smarthost(string name, int port, IPAddress[] addresses) => new(name, port, addresses)
    {
        Tls = settings.SmarthostTls switch
        {
            SmarthostTls.May => TlsDemand.None,
            SmarthostTls.Required => _encrypted,
            SmarthostTls.Verified => _certified,
        },
        Login = settings.SmarthostUser.Length > 0 ? new MailLogin(settings.SmarthostUser, settings.SmarthostPassword) : null,
    };
}
