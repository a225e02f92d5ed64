// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using Tutti.Dst.Capture;
using Tutti.Dst.Lanes.Policies;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;

namespace Tutti.Dst.Rehearsals;

/// <summary>
/// The ways of a rehearsal. Whatever the settings say, each of them ends at a port of this process on loopback; names of hosts, from which
/// lanes follow, are those that the delivery would use.
/// </summary>
internal sealed class RehearsalRoutes(
    RouteSettings settings, MailExchangers exchangers, PlayedReceivers receivers, CurrentPolicies policies, PlayedStage stage)
    : MailRoutes(settings, exchangers, new CaptureAddress())
{
    private readonly RouteSettings _settings = settings;
    private readonly MailExchangers _exchangers = exchangers;
    private readonly ConcurrentDictionary<string, string> _lanes = new(StringComparer.Ordinal);

    /// <summary>With a smarthost all mail is one lane; otherwise operators are told apart, in capture mode too.</summary>
    public override DeliveryMode Mode => _settings.Mode == DeliveryMode.Smarthost ? DeliveryMode.Smarthost : DeliveryMode.Mx;

    /// <inheritdoc/>
    public override string LaneOf(string domain) => Mode == DeliveryMode.Smarthost ? _settings.Smarthost : domain;

    /// <inheritdoc/>
    public override async ValueTask<Route> Find(string domain, CancellationToken cancellationToken)
    {
        if (Mode == DeliveryMode.Smarthost)
        {
            return Route.To(Played(HostAndPort.Read(domain, _settings.RemotePort).Host, receivers.EntryOf(PlayedReceivers.Smarthost)));
        }

        IReadOnlyList<string> names;
        if (_settings.Mode == DeliveryMode.Mx)
        {
            // Only asked for names: nothing is sent to any of these hosts.
            var route = await _exchangers.Find(domain, cancellationToken);
            if (route.Failure is not null)
            {
                return route;
            }

            names = [.. route.Hosts.Select(host => host.Name)];
        }
        else
        {
            names = receivers.HostsOf(domain) ?? [domain is ['[', ..] ? domain : $"mx.{domain}"];
        }

        var lane = policies.Now.LaneOf(names);
        _lanes[domain] = lane;
        return Route.To([.. names.Select(name => Played(name, receivers.EntryOf(lane)))]);
    }

    /// <summary>The lane of a domain's mail; the domain itself while, or if, there is no way to it.</summary>
    public string LaneNameOf(string domain) => Mode == DeliveryMode.Smarthost ? domain : _lanes.GetValueOrDefault(domain, domain);

    /// <summary>The entry of <c>rehearsal.ini</c> that is played for a lane.</summary>
    public string EntryOf(string lane) => receivers.EntryOf(Mode == DeliveryMode.Smarthost ? PlayedReceivers.Smarthost : lane);

    /// <summary>How a lane is treated, its rate included.</summary>
    public LanePolicy PolicyOf(LanePolicies all, string lane, Lanes.LaneSettings lanes) =>
        Mode == DeliveryMode.Smarthost ? all.OfOwnHost(HostAndPort.Read(lane, _settings.RemotePort).Host, lanes) : all.Of(lane);

    private MailHost Played(string name, string entry) => new(name, stage.PortOf(entry), [IPAddress.Loopback]);
}
