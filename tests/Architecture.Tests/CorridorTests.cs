// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace Tutti.Architecture.Tests;

public sealed partial class CorridorTests
{
    private static readonly IReadOnlyList<string> _production = Tree.Files("src", ".cs", ".razor");

    /// <summary>The one place for the corridor, the join, people's HTTPS, and mail, whose TLS has rules of its own.</summary>
    private static readonly string[] _mayBuildTls = ["src/Wiring/Corridor/CorridorTls.cs", "src/Wiring/Joining/JoinTls.cs", "src/Wiring/Hosting/Https/PeopleListener.cs", "src/Dst/"];

    [Fact]
    [Trait("Row", "B-11")]
    public void Options_of_tls_are_built_in_one_place()
    {
        string[] words = ["SslServerAuthenticationOptions", "SslClientAuthenticationOptions", "SslOptions", "ServerCertificateCustomValidationCallback", "HttpsConnectionAdapterOptions"];
        var files = _production.Where(file => words.Any(word => Tree.Text(file).Contains("new " + word, StringComparison.Ordinal) || Tree.Text(file).Contains(word + " =", StringComparison.Ordinal)
            || Tree.Text(file).Contains("SslClientAuthenticationOptions For", StringComparison.Ordinal))).ToList();

        Assert.Contains("src/Wiring/Corridor/CorridorTls.cs", files);
        Assert.Empty(files.Where(file => !_mayBuildTls.Any(place => file.StartsWith(place, StringComparison.Ordinal))));
    }

    [Fact]
    [Trait("Row", "B-11")]
    public void Sessions_of_the_corridor_are_never_resumed()
    {
        var text = Tree.Text("src/Wiring/Corridor/CorridorTls.cs");
        var options = text.Split("Ssl").Count(part => part.StartsWith("ServerAuthenticationOptions For", StringComparison.Ordinal) || part.StartsWith("ClientAuthenticationOptions For", StringComparison.Ordinal));

        Assert.Equal(3, options);
        Assert.Equal(options, text.Split("AllowTlsResume = false").Length - 1);
    }

    [Fact]
    [Trait("Row", "C-2.1.2")]
    public void Components_are_dialled_through_peers_only()
    {
        var files = _production.Where(file => Tree.Text(file).Contains("GrpcChannel.ForAddress", StringComparison.Ordinal)).ToList();

        Assert.Equal(["src/Wiring/Hosting/ControlSocket.cs", "src/Wiring/Transport/Peers.cs"], files);
    }

    [Fact]
    [Trait("Row", "C-2.1.2")]
    public void No_setting_secures_or_exempts_a_part_of_the_corridor()
    {
        // What has to do with certificates and encryption at all, each about something else: people's browsers, mail, the own authority.
        string[] known =
        [
            "AcceptServerOnlyCertificates", "CertificateCheckEvery", "CertificateLife", "NoticesTls", "ReturnImapTls", "SmarthostTls", "StartTls", "TrustedProxies", "TrustedRoots", "TrustedRootsPassword", "TrustedRootsPath",
        ];
        var settings = Setting().Matches(Tree.Text("docs/configuration.md")).Select(match => match.Groups[1].Value).Where(name => Secret().IsMatch(name)).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(known, settings);
    }

    [GeneratedRegex("^\\| `([A-Za-z0-9.]+)`", RegexOptions.Multiline)]
    private static partial Regex Setting();

    [GeneratedRegex("ssl|tls|secur|plain|crypt|trust|certif", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
