// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Wiring.Certificates;

namespace Tutti.Commands.Cert;

/// <summary><c>tutti cert show</c>: what is in this server's keystore.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var home = HomeOption.Create();
        var keystore = KeystoreFile.Option();
        var password = Passwords.Option("the password of the keystore");
        var command = new Command("show", "Shows what is in this server's keystore.") { home, keystore, password };
        command.SetAction(parsed => Run(
            CertSettings.Of(parsed.GetRequiredValue(home)), parsed.GetValue(keystore), parsed.GetValue(password), parsed.InvocationConfiguration));
        return command;
    }

    private static int Run(CertSettings settings, string? path, string? passwordFile, InvocationConfiguration console)
    {
        var file = KeystoreFile.Open(settings, path, passwordFile, console.Error);
        var rules = settings.Rules(TrustedRoots.Read(settings.Home, settings.Server) is { IsRefused: false } roots ? roots.Value.Certificates : []);
        console.Output.WriteLine(file.Path);
        foreach (var entry in file.Content!.Keys)
        {
            var verdict = CertificateChecks.Check(entry.Certificate, entry.Chain, CertificateUse.Own, rules);
            console.Output.WriteLine();
            console.Output.WriteLine($"{entry.Alias} (private key)");
            CertificateText.Write(entry.Certificate, console.Output, "  ");
            foreach (var above in entry.Chain)
            {
                console.Output.WriteLine($"  above it     {CertificateText.OneLine(above.Subject)}, until {CertificateText.Moment(above.NotAfter)}");
            }

            console.Output.WriteLine(verdict.IsRefused ? $"  [{verdict.Refusal.Code}] {verdict.Refusal.Message}" : $"  good, below the trusted root {CertificateText.OneLine(verdict.Value.Root.Subject)}");
        }

        foreach (var entry in file.Content.Trusted)
        {
            console.Output.WriteLine();
            console.Output.WriteLine($"{entry.Alias} (certificate without a key; it is not used: roots are trusted in {settings.Server.TrustedRootsPath})");
            CertificateText.Write(entry.Certificate, console.Output, "  ");
        }

        foreach (var warning in file.Content.Warnings)
        {
            console.Error.WriteLine($"Warning: {warning}");
        }

        return ExitCode.Done;
    }
}
