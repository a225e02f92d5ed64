// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;

namespace Tutti.Commands.Cert;

/// <summary><c>tutti cert trust add|list|remove</c>: whose servers are trusted.</summary>
internal static class TrustCommand
{
    // Enough of a fingerprint that nobody means another one.
    private const int ShortestFingerprint = 16;

    public static Command Create() => new("trust", "The authorities whose servers are trusted.") { CreateAdd(), CreateList(), CreateRemove() };

    private static Command CreateAdd()
    {
        var home = HomeOption.Create();
        var files = new Argument<string[]>("FILE") { Description = "Root certificates: PEM, DER or PKCS#7, several in a file.", Arity = ArgumentArity.OneOrMore };
        var yes = Consent.Option();
        var command = new Command("add", "Trusts root certificates.") { files, home, yes };
        command.SetAction(parsed => Add(CertSettings.Of(parsed.GetRequiredValue(home)), parsed.GetRequiredValue(files), parsed.GetValue(yes), parsed.InvocationConfiguration));
        return command;
    }

    private static Command CreateList()
    {
        var home = HomeOption.Create();
        var command = new Command("list", "Shows what is trusted.") { home };
        command.SetAction(parsed => List(CertSettings.Of(parsed.GetRequiredValue(home)), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static Command CreateRemove()
    {
        var home = HomeOption.Create();
        var name = new Argument<string>("NAME") { Description = "The name of the entry, or the beginning of its SHA-256 fingerprint." };
        var command = new Command("remove", "Trusts a root no longer.") { name, home };
        command.SetAction(parsed => Remove(CertSettings.Of(parsed.GetRequiredValue(home)), parsed.GetRequiredValue(name), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Add(CertSettings settings, IReadOnlyList<string> paths, bool yes, InvocationConfiguration console)
    {
        var given = CertificateFiles.Read(paths).OrComplain();
        var file = RootsFile.Open(settings);
        var judged = given.Select(certificate => NewRoot.Judge(certificate, settings.Clock.GetUtcNow()).OrComplain()).ToList();
        var fresh = judged.Where(root => !file.Holds(root.Certificate)).ToList();
        foreach (var root in judged.Except(fresh))
        {
            console.Output.WriteLine($"{CertificateText.OneLine(root.Certificate.Subject)} is trusted already.");
        }

        if (fresh.Count == 0)
        {
            return ExitCode.Done;
        }

        foreach (var root in fresh)
        {
            CertificateText.Write(root.Certificate, console.Output);
            if (root.Warning is { } warning)
            {
                console.Error.WriteLine($"Warning: {warning}");
            }
        }

        if (!Consent.Given(yes, "Compare the fingerprint with what the authority publishes. Trust every server with a certificate of it?", console.Output))
        {
            throw new Complaint(ExitCode.Refused, "Nothing was changed.");
        }

        var aliases = fresh.Select(file.Add).ToList();
        file.Save();
        console.Output.WriteLine($"Trusted as {string.Join(", ", aliases.Select(alias => $"'{alias}'"))} in {file.Path}.");
        return ExitCode.Done;
    }

    private static int List(CertSettings settings, TextWriter output)
    {
        var roots = TrustedRoots.Read(settings.Home, settings.Server).OrComplain();
        if (roots.Entries.Count == 0)
        {
            output.WriteLine($"{roots.Path} is empty. Add the root of the authority: tutti cert trust add FILE {settings.HomeArgument}");
        }

        foreach (var entry in roots.Entries)
        {
            output.WriteLine(entry.Alias);
            CertificateText.Write(entry.Certificate, output, "  ");
        }

        return ExitCode.Done;
    }

    private static int Remove(CertSettings settings, string name, TextWriter output)
    {
        var file = RootsFile.Open(settings);
        var fingerprint = name.Replace(":", "", StringComparison.Ordinal);
        var found = file.Entries.Where(entry => string.Equals(entry.Alias, name, StringComparison.OrdinalIgnoreCase)).ToList();
        if (found.Count == 0 && fingerprint.Length >= ShortestFingerprint)
        {
            found = [.. file.Entries.Where(entry => NewRoot.Fingerprint(entry.Certificate).Replace(":", "", StringComparison.Ordinal).StartsWith(fingerprint, StringComparison.OrdinalIgnoreCase))];
        }

        if (found.Count != 1)
        {
            var all = file.Entries.Count == 0 ? "It is empty." : $"It has {string.Join(", ", file.Entries.Select(entry => $"'{entry.Alias}'"))}.";
            throw new Complaint(ExitCode.Refused, $"{(found.Count == 0 ? "No entry" : "More than one entry")} of {file.Path} is called {name}. {all}");
        }

        file.Remove(found[0]);
        var kept = file.Save();
        output.WriteLine($"'{found[0].Alias}' ({CertificateText.OneLine(found[0].Certificate.Subject)}) is no longer trusted. The keystore as it was before is kept as {kept}.");
        return ExitCode.Done;
    }
}
