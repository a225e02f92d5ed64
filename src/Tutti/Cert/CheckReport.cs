// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Corridor;
using Tutti.Wiring.Outcomes;

namespace Tutti.Commands.Cert;

/// <summary>One thing that was found.</summary>
/// <param name="Code">As in the messages of a start; empty for what is only good to know.</param>
/// <param name="Message">What, and what to do.</param>
/// <param name="IsWarning">True if the server starts all the same.</param>
internal sealed record Finding(string Code, string Message, bool IsWarning);

/// <summary>Names side by side, and the findings.</summary>
internal sealed record CheckReport(
    string SystemName, string HostName, IReadOnlyList<string> Addresses, IReadOnlyList<string> CertificateNames, IReadOnlyList<string> List, string Keystore, string? Until, IReadOnlyList<Finding> Findings)
{

    /// <summary>True if nothing keeps this server from a secured start.</summary>
    public bool IsGood => Findings.All(finding => finding.IsWarning);

    /// <summary>Looks at everything.</summary>
    public static async Task<CheckReport> Make(CertSettings settings, string? path, string? passwordFile, TextWriter console, CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        var addresses = await Resolve(settings.Server.HostName, findings, cancellationToken);
        var files = CorridorFiles.Look(settings.Home, settings.Configuration, Environment.GetEnvironmentVariables(), settings.Clock);
        findings.AddRange(files.Refusals.Select(refusal => Of(refusal, isWarning: false)));
        findings.AddRange(files.Warnings.Select(warning => Of(warning, isWarning: true)));
        var (keystore, own, names) = (files.KeystorePath, files.Own, (IReadOnlyList<string>)[]);
        if (!files.IsThere)
        {
            findings.Add(new Finding("", $"{settings.Home.SslIni} does not exist: nothing is secured yet, whatever certificates there are.", IsWarning: true));
        }

        // Where ssl.ini leads to no certificate, or another keystore is asked for, that is looked at by itself.
        if (path is not null || (own is null && !(files.KeystorePath is not null && files.Refusals.Count > 0)))
        {
            var roots = files.KeystorePath is null ? ReadRoots(settings, findings) : TrustedRoots.Read(settings.Home, settings.Server) is { IsRefused: false } read ? read.Value : null;
            (keystore, own, names) = ReadOwn(settings, path, passwordFile, roots, console, findings);
        }

        else if (own is null)
        {
            // What is wrong with it is said already; its names are shown all the same.
            names = ReadOwn(settings, null, null, null, console, []).Names;
        }

        if (own is not null)
        {
            names = Wiring.Certificates.CertificateNames.Of(own.Entry.Certificate);
            findings.AddRange(Aging(settings, own));
        }

        return new CheckReport(Dns.GetHostName(), settings.Server.HostName, addresses, names, files.Allowed, keystore ?? "", own is null ? null : CertificateText.Moment(own.Path.NotAfter), findings);
    }

    /// <summary>For a terminal.</summary>
    public string ToText()
    {
        var text = new StringBuilder()
            .Append("System's name        ").AppendLine(SystemName)
            .Append("HostName             ").AppendLine(Show(HostName))
            .Append("leads to             ").AppendLine(Joined(Addresses, "no address"))
            .Append("Names in certificate ").AppendLine(Joined(CertificateNames.Select(Wiring.Certificates.HostNames.Show), "none"))
            .Append("Names in list        ").AppendLine(Joined(List.Select(Show), "there is none that counts (commands/ssl.ini)"))
            .Append("Keystore             ").AppendLine(Keystore.Length == 0 ? "cannot be opened" : Keystore)
            .Append("Good until           ").AppendLine(Until ?? "-");
        foreach (var finding in Findings)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{(finding.IsWarning ? "warning" : "wrong")}{(finding.Code.Length == 0 ? "" : $" [{finding.Code}]")} {finding.Message}");
        }

        return text.Append(Findings.Count == 0 ? "All is well." : "").ToString().TrimEnd();
    }

    private static string Show(string name) => Wiring.Certificates.HostNames.TryNormalize(name, out var normalized) ? Wiring.Certificates.HostNames.Show(normalized) : name;

    private static string Joined(IEnumerable<string> parts, string otherwise) => string.Join(", ", parts) is { Length: > 0 } joined ? joined : otherwise;

    private static async Task<IReadOnlyList<string>> Resolve(string hostName, List<Finding> findings, CancellationToken cancellationToken)
    {
        if (!Wiring.Certificates.HostNames.TryNormalize(hostName, out var name, out var problem))
        {
            findings.Add(new Finding("ssl.cert-name", $"HostName '{hostName}' in conf/server.ini {problem}.", IsWarning: false));
            return [];
        }

        var looked = await OwnAddresses.Of(name, cancellationToken);
        if (looked.Remark is { } remark)
        {
            findings.Add(new Finding("", remark, IsWarning: true));
        }

        return [.. looked.Addresses.Select(address => address.ToString())];
    }

    private static TrustedRoots? ReadRoots(CertSettings settings, List<Finding> findings)
    {
        if (!TrustedRoots.ReadFilled(settings.Home, settings.Server).Is(out var roots, out var refusal))
        {
            findings.Add(Wrong(refusal));
            return null;
        }

        var now = settings.Clock.GetUtcNow();
        findings.AddRange(roots.Entries.Where(entry => EndsSoon(entry.Certificate, now)).Select(entry => new Finding(
            "ssl.expires-soon", $"The trusted root '{entry.Alias}' ends on {CertificateText.Moment(entry.Certificate.NotAfter)}.", IsWarning: true)));
        return roots;
    }

    private static (string? Path, OwnCertificate? Own, IReadOnlyList<string> Names) ReadOwn(
        CertSettings settings, string? path, string? passwordFile, TrustedRoots? roots, TextWriter console, List<Finding> findings)
    {
        KeystoreFile file;
        try
        {
            file = KeystoreFile.Open(settings, path, passwordFile, console);
        }
        catch (Complaint complaint) when (complaint.Code == ExitCode.Refused)
        {
            var end = complaint.Message.IndexOf("] ", StringComparison.Ordinal);
            findings.Add(end < 0 ? new Finding("", complaint.Message, IsWarning: false) : new Finding(complaint.Message[1..end], complaint.Message[(end + 2)..], IsWarning: false));
            return (null, null, []);
        }

        findings.AddRange(file.Content!.Warnings.Select(words => new Finding("", words, IsWarning: true)));
        var names = file.Content.Keys.SelectMany(entry => Wiring.Certificates.CertificateNames.Of(entry.Certificate)).Distinct(StringComparer.Ordinal).ToList();
        if (!OwnCertificate.Choose(file.Content, settings.Server.HostName, CertificateUse.Own, settings.Rules(roots?.Certificates ?? [])).Is(out var own, out var refusal))
        {
            findings.Add(Wrong(refusal));
        }

        return (file.Path, own, names);
    }

    private static IEnumerable<Finding> Aging(CertSettings settings, OwnCertificate own)
    {
        if (Wiring.Certificates.CertificateNames.IsMadeWithoutAlternativeName(own.Entry.Certificate))
        {
            yield return new Finding("", "The certificate has its name in the subject only, as old tools made it. Have the next one issued with a subjectAltName.", IsWarning: true);
        }

        if (own.Path.Certificates.Any(certificate => EndsSoon(certificate, settings.Clock.GetUtcNow())))
        {
            yield return new Finding("ssl.expires-soon", $"The certificate, or an authority above it, ends on {CertificateText.Moment(own.Path.NotAfter)}. Renew it: tutti cert request {settings.HomeArgument}", IsWarning: true);
        }
    }

    // Those that live long are renewed in good time; for the others a month would be all the time.
    private static bool EndsSoon(X509Certificate2 certificate, DateTimeOffset now)
    {
        var life = certificate.NotAfter - certificate.NotBefore;
        var early = life > TimeSpan.FromDays(100) ? TimeSpan.FromDays(30) : life >= TimeSpan.FromDays(30) ? TimeSpan.FromDays(14) : life / 2;
        return certificate.NotAfter.ToUniversalTime() < (now + early).UtcDateTime;
    }

    private static Finding Of(Wiring.Configuration.Complaint complaint, bool isWarning) => new(complaint.Code ?? "", (complaint with { Code = null }).ToString(), isWarning);

    private static Finding Wrong(Refusal refusal) => new(refusal.Code, refusal.Message, IsWarning: false);
}
