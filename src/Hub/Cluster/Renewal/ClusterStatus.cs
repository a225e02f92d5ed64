// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Hub.Cluster.Rotation;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Hosting;

namespace Tutti.Hub.Cluster.Renewal;

/// <summary>Says what needs attention about the certificates of the installation's own authority: one that should have been renewed long ago, and the root.</summary>
internal sealed class ClusterStatus(OwnAuthority authority, IssuedStore issued, SpreadList spread, KeepCertificates keep, RotateAuthority rotate, TimeProvider clock) : IStatusSource
{
    // Renewed at a third left; at a sixth there were many tries.
    private const int LateAt = 6;
    private const int RootYear = 365;

    /// <inheritdoc/>
    public async ValueTask<ComponentReport> Report(CancellationToken cancellationToken)
    {
        if (!authority.IsThere || authority.Home.Hub is null)
        {
            return new ComponentReport(true, [], []);
        }

        var now = clock.GetUtcNow();
        List<string> problems = [];
        if (!authority.Read().Is(out var signer, out var refusal))
        {
            problems.Add($"Certificates cannot be renewed: {refusal.Message}");
        }
        else if (signer.Root.NotAfter.ToUniversalTime() is var end && (end - now.UtcDateTime).TotalDays < RootYear)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"The root of the installation's authority ends on {end:yyyy-MM-dd}."));
        }

        problems.AddRange((rotate.UnderWay?.WaitsFor ?? []).Select(each => $"The change of the authority waits for {each.Host}: {each.Problem}"));
        var newest = (await issued.All(cancellationToken)).Where(each => each.RevokedAt is null).GroupBy(each => each.Host).ToDictionary(host => host.Key, host => host.MaxBy(each => each.NotAfter)!);
        var hosts = (await spread.Members(cancellationToken)).Select(member => HostNames.TryNormalize(member.Host, out var name) ? name : member.Host).Append(authority.OwnName).Distinct();
        problems.AddRange(hosts.Select(host => newest.TryGetValue(host, out var certificate) ? Late(certificate, now) : $"The certificate of {host} was revoked. It comes back with a code: tutti cert renew --code --anew").OfType<string>());
        return new ComponentReport(true, problems, []);
    }

    private string? Late(IssuedCertificate certificate, DateTimeOffset now)
    {
        var why = keep.ProblemOf(certificate.Host) is { } problem ? $" It could not be renewed: {problem}" : "";
        return certificate.NotAfter <= now ? $"The certificate of {certificate.Host} is over. On that server: tutti cert renew --code"
            : certificate.NotAfter - now < (certificate.NotAfter - certificate.NotBefore) / LateAt
                ? string.Create(CultureInfo.InvariantCulture, $"The certificate of {certificate.Host} ends on {certificate.NotAfter.UtcDateTime:yyyy-MM-dd HH:mm} UTC.{why}")
                : null;
    }
}
