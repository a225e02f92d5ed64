// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;

namespace Tutti.Commands.Cert;

/// <summary><c>tutti cert install</c>: puts the signed certificate in the place of the unsigned one, if everything fits.</summary>
internal static class InstallCommand
{
    private static readonly Argument<string[]> _files = new("FILE") { Description = "The certificate and those of the authorities above it: PEM, DER or PKCS#7, in any order.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string> _home = HomeOption.Create();
    private static readonly Option<string?> _keystore = KeystoreFile.Option();
    private static readonly Option<string?> _alias = new("--alias") { Description = "The entry of the keystore. Default: the one with the certificate's key.", HelpName = "NAME" };
    private static readonly Option<bool> _trustRoot = new("--trust-root") { Description = "Trust the root among the files too." };
    private static readonly Option<string> _for = new("--for") { Description = "corridor: both uses are needed; https: serverAuth is enough. Default: corridor.", HelpName = "USE", DefaultValueFactory = _ => "corridor" };
    private static readonly Option<bool> _yes = Consent.Option();
    private static readonly Option<string?> _password = Passwords.Option("the password of the keystore");

    public static Command Create()
    {
        _for.AcceptOnlyFromAmong("corridor", "https");
        var command = new Command("install", "Puts the signed certificate in the place of the unsigned one.") { _files, _home, _keystore, _alias, _trustRoot, _for, _yes, _password };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var settings = CertSettings.Of(parsed.GetRequiredValue(_home));
        var console = parsed.InvocationConfiguration;
        var given = CertificateFiles.Read(parsed.GetValue(_files)!).OrComplain();
        var file = KeystoreFile.Open(settings, parsed.GetValue(_keystore), parsed.GetValue(_password), console.Error);
        var trust = RootsFile.Open(settings);
        List<X509Certificate2> roots = [.. trust.Entries.Select(entry => entry.Certificate)];
        List<NewRoot> added = [];
        if (parsed.GetValue(_trustRoot))
        {
            var candidates = given.Where(certificate => NewRoot.Judge(certificate, settings.Clock.GetUtcNow()) is { IsRefused: false, Value.Warning: null } && !trust.Holds(certificate)).ToList();
            added.AddRange(candidates.Select(certificate => NewRoot.Judge(certificate, settings.Clock.GetUtcNow()).Value));
            roots.AddRange(candidates);
        }

        var use = parsed.GetValue(_for) == "https" ? CertificateUse.OwnForHttps : CertificateUse.Own;
        if (!SignedCertificate.Fit(file.Content!, parsed.GetValue(_alias), given, settings.Server.HostName, use, settings.Rules(roots)).Is(out var fitted, out var refusal))
        {
            var hint = refusal.Code == "ssl.cert-untrusted" && !parsed.GetValue(_trustRoot) ? " Or give the root with the other files, and --trust-root." : "";
            throw (refusal with { Message = refusal.Message + hint }).ToComplaint();
        }

        // Only the root that is needed: other certificates in the files are not to be trusted by the way.
        added.RemoveAll(root => root.Certificate.Thumbprint != fitted.Path.Root.Thumbprint);
        foreach (var root in added)
        {
            CertificateText.Write(root.Certificate, console.Output);
            if (!Consent.Given(parsed.GetValue(_yes), "Trust every server with a certificate of this authority?", console.Output))
            {
                throw new Complaint(ExitCode.Refused, "Nothing was changed.");
            }

            trust.Add(root);
        }

        if (added.Count > 0)
        {
            trust.Save();
            console.Output.WriteLine($"The root is trusted now ({trust.Path}).");
        }

        var kept = file.Save(file.Content!.Keys.Select(entry => entry.Alias == fitted.Entry.Alias ? fitted.Entry : entry), settings.Clock.GetUtcNow());
        console.Output.WriteLine($"Installed the certificate for {string.Join(", ", CertificateNames.Of(fitted.Entry.Certificate).Select(HostNames.Show))} as '{fitted.Entry.Alias}' in {file.Path}; it is good until {CertificateText.Moment(fitted.Path.NotAfter)}.");
        console.Output.WriteLine($"The keystore as it was before is kept as {kept}.");
        if (use == CertificateUse.Own && HostNames.TryNormalize(settings.Server.HostName, out var host) && !CertificateNames.Of(fitted.Entry.Certificate).Contains(host))
        {
            console.Error.WriteLine($"Warning: HostName in conf/server.ini is {settings.Server.HostName}; this certificate does not name it.");
        }

        return ExitCode.Done;
    }
}
