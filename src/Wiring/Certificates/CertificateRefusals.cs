// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Certificates;

/// <summary>
/// Every "no" about a certificate. For this server's own they are sentences with the command that helps; for a peer's they are what
/// follows its names in the log: "its certificate …".
/// </summary>
internal static class CertificateRefusals
{
    public static Refusal SelfSigned(X509Certificate2 certificate, CertificateUse use, CertificateRules rules) => IsOwn(use)
        ? Refuse("ssl.cert-unsigned", $"{Own(certificate)} bears no signature but its own. Ask for a signed one ({rules.Command("request")}), give the request to an authority, and put what comes back in its place ({rules.Command("install")} FILE…).")
        : Refuse("tls.self-signed", "its certificate is signed by itself and is not among the trusted roots.");

    public static Refusal UntrustedRoot(X509Certificate2 certificate, X509Certificate2 root, CertificateUse use, CertificateRules rules) => IsOwn(use)
        ? Refuse("ssl.cert-untrusted", $"{Own(certificate)} stands below the root {Show(root.SubjectName)}, which is not trusted here. If it should be: {rules.Command("trust add")} FILE")
        : Refuse("tls.untrusted", $"its certificate stands below the root {Show(root.SubjectName)}, which is not trusted here.");

    public static Refusal NoIssuer(X509Certificate2 certificate, X509Certificate2 top, CertificateUse use, CertificateRules rules)
    {
        var issuer = Show(top.IssuerName);
        if (!IsOwn(use))
        {
            return Refuse("tls.untrusted", $"its issuer {issuer} was neither sent nor is it trusted here.");
        }

        return rules.Roots.Count == 0
            ? Refuse("ssl.cert-untrusted", $"{Own(certificate)} was issued by {issuer}, and no root is trusted here. Trust the root above it: {rules.Command("trust add")} FILE")
            : Refuse("ssl.cert-incomplete", $"{Own(certificate)} does not lead to a trusted root: {issuer} is missing. If that is an intermediate, give its certificate too ({rules.Command("install")} FILE…); if it is a root, trust it ({rules.Command("trust add")} FILE).");
    }

    public static Refusal Incomplete(X509Certificate2 certificate, X500DistinguishedName missing, CertificateUse use, CertificateRules rules) => IsOwn(use)
        ? Refuse("ssl.cert-incomplete", $"{Own(certificate)} stands in the keystore without the intermediate {Show(missing)}, so peers could not follow it to a root. Give both: {rules.Command("install")} FILE…")
        : Refuse("tls.chain-incomplete", $"it left out its intermediate {Show(missing)}; that has to be put into its keystore.");

    public static Refusal Untrusted(X509Certificate2 certificate, string reason, CertificateUse use, CertificateRules rules) => IsOwn(use)
        ? Refuse("ssl.cert-untrusted", $"{Own(certificate)} is not trusted: {reason}. Have another one issued: {rules.Command("request")}")
        : Refuse("tls.untrusted", $"its certificate is not trusted: {reason}.");

    public static Refusal Expired(X509Certificate2 certificate, X509Certificate2 ended, CertificateUse use, CertificateRules rules) => IsOwn(use)
        ? Refuse("ssl.cert-expired", $"{Which(certificate, ended)} ended on {Moment(ended.NotAfter)}; it is {Moment(rules.Now)} here. Have a new one issued ({rules.Command("request")}) and install it ({rules.Command("install")} FILE…).")
        : Refuse("tls.expired", $"its {PeerWhich(certificate, ended)} ended on {Moment(ended.NotAfter)}; the clock here says {Moment(rules.Now)}.");

    public static Refusal NotYetValid(X509Certificate2 certificate, X509Certificate2 early, CertificateUse use, CertificateRules rules) => IsOwn(use)
        ? Refuse("ssl.cert-not-yet-valid", $"{Which(certificate, early)} is valid from {Moment(early.NotBefore)}; it is {Moment(rules.Now)} here. Wait, or look whether the clock is right.")
        : Refuse("tls.not-yet-valid", $"its {PeerWhich(certificate, early)} is valid from {Moment(early.NotBefore)}; the clock here says {Moment(rules.Now)}.");

    public static Refusal IsAuthority(X509Certificate2 certificate, CertificateUse use) => IsOwn(use)
        ? Refuse("ssl.cert-purpose", $"{Own(certificate)} is that of an authority, not of a server. Use the one that the authority issued for this server.")
        : Refuse("tls.purpose", "its certificate is that of an authority, not of a server.");

    public static Refusal Purpose(X509Certificate2 certificate, X509Certificate2 lacking, IReadOnlyList<string> missing, CertificateUse use, CertificateRules rules)
    {
        var uses = string.Join(" and ", missing);
        if (!IsOwn(use))
        {
            return Refuse("tls.purpose", $"its {PeerWhich(certificate, lacking)} may not be used for {uses}.");
        }

        var hint = missing is ["clientAuth"]
            ? "; where an authority does not give it, AcceptServerOnlyCertificates=yes in conf/server.ini of all servers does without"
            : "";
        return Refuse("ssl.cert-purpose", $"{Which(certificate, lacking)} lacks the use {uses}. Have one issued with it ({rules.Command("request")} asks for both uses){hint}.");
    }

    public static Refusal Weak(X509Certificate2 certificate, X509Certificate2 weak, string weakness, CertificateUse use, CertificateRules rules) => IsOwn(use)
        ? Refuse("ssl.cert-weak", $"{Which(certificate, weak)} {weakness}. Have another one issued: {rules.Command("create")}, then {rules.Command("request")}")
        : Refuse("tls.weak", $"its {PeerWhich(certificate, weak)} {weakness}.");

    /// <summary>A distinguished name for messages: quoted, on one line.</summary>
    public static string Show(X500DistinguishedName name) => $"'{Printable(name.Name)}'";

    /// <summary>Text out of a certificate for messages and logs: without line breaks and other control characters.</summary>
    public static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? '?' : c));

    /// <summary>A moment in UTC as messages show it.</summary>
    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static bool IsOwn(CertificateUse use) => use is CertificateUse.Own or CertificateUse.OwnForHttps;

    private static Refusal Refuse(string code, string message) => new(RefusalKind.Invalid, code, message);

    private static string Own(X509Certificate2 certificate) => $"The certificate of {Show(certificate.SubjectName)}";

    private static string Which(X509Certificate2 certificate, X509Certificate2 one) =>
        certificate.Equals(one) ? Own(certificate) : $"The certificate of the authority {Show(one.SubjectName)} above that of {Show(certificate.SubjectName)}";

    private static string PeerWhich(X509Certificate2 certificate, X509Certificate2 one) => certificate.Equals(one) ? "certificate" : $"authority's certificate {Show(one.SubjectName)}";
}
