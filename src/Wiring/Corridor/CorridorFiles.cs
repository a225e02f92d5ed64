// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor.Ini;

namespace Tutti.Wiring.Corridor;

/// <summary>What a start would make of the files of the corridor, without starting anything.</summary>
/// <param name="IsThere">False if there is no <c>commands/ssl.ini</c>: the server would be plain.</param>
/// <param name="Allowed">The list; empty if the file is refused.</param>
/// <param name="KeystorePath">The keystore; null if the file is refused.</param>
/// <param name="Own">This server's certificate; null if anything is refused.</param>
/// <param name="Refusals">All that would keep it from starting.</param>
/// <param name="Warnings">What should be mended.</param>
public sealed record CorridorFiles(
    bool IsThere, IReadOnlyList<string> Allowed, string? KeystorePath, OwnCertificate? Own, IReadOnlyList<Complaint> Refusals, IReadOnlyList<Complaint> Warnings)
{
    /// <summary>Reads them.</summary>
    public static CorridorFiles Look(HomeFolder home, ServerConfiguration server, IDictionary environment, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(server);
        var reading = SslIniReader.Read(home, server.Common.HostName, environment);
        var reader = new IdentityReader(home, server, environment, clock);
        var identity = reading.Ini is null ? new IdentityReading(null, [], [.. reader.ShippedPassword()]) : reader.Read(reading.Ini);
        return new CorridorFiles(
            reading.Exists,
            reading.Ini?.AllowedClients ?? [],
            reading.Ini?.KeystorePath,
            identity.Identity?.Own,
            [.. reading.Refusals, .. identity.Refusals],
            [.. reading.Warnings, .. identity.Warnings]);
    }
}
