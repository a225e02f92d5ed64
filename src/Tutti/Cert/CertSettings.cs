// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Outcomes;

namespace Tutti.Commands.Cert;

/// <summary>What the certificate commands need to know of a server.</summary>
internal sealed class CertSettings
{
    private readonly ServerConfiguration _server;

    private CertSettings(HomeFolder home) => (Home, _server) = (home, ServerConfiguration.Read(home, Environment.GetEnvironmentVariables()));

    /// <summary>The installation folder.</summary>
    public HomeFolder Home { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; } = TimeProvider.System;

    /// <summary>The same as a whole.</summary>
    public ServerConfiguration Configuration => _server;

    /// <summary><c>conf/server.ini</c>.</summary>
    public ServerSettings Server => _server.Common;

    /// <summary>Reads them.</summary>
    public static CertSettings Of(string home) => new(HomeOption.Existing(home));

    /// <summary>What certificates are measured by: the trusted roots as they are, and this moment.</summary>
    public CertificateRules Rules(IEnumerable<System.Security.Cryptography.X509Certificates.X509Certificate2> roots) =>
        new([.. roots], Clock.GetUtcNow(), Server.AcceptServerOnlyCertificates) { Home = Home.Path };

    /// <summary>A path for a command line of a shell.</summary>
    public string HomeArgument => $"--home {Home.Path}";
}

/// <summary>Turns a refusal into the end of a command.</summary>
internal static class CertOutcomes
{
    /// <summary>The value, or a complaint with code and words of the refusal.</summary>
    public static T OrComplain<T>(this Outcome<T> outcome) => outcome.Is(out var value, out var refusal) ? value : throw refusal.ToComplaint();

    /// <summary>The complaint of a refusal: its code, then its words.</summary>
    public static Complaint ToComplaint(this Refusal refusal) => new(ExitCode.Refused, $"[{refusal.Code}] {refusal.Message}");
}
