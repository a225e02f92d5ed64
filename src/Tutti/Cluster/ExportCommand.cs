// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Commands.Cert;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Cluster;

/// <summary><c>tutti cluster export</c>: the authority's key for the safe, in a file that only a passphrase opens.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var home = HomeOption.Create();
        var file = new Argument<string>("FILE") { Description = "The file that is made (PKCS#12, AES-256)." };
        var passphrase = AuthorityPassphrase.Create();
        var command = new Command("export", "Writes the authority's key into a file that only a passphrase opens, for a backup; on the server that carries the hub.") { file, home, passphrase };
        command.SetAction(parsed => Run(HomeOption.Existing(parsed.GetRequiredValue(home)), Path.GetFullPath(parsed.GetRequiredValue(file)), AuthorityPassphrase.Read(parsed.GetRequiredValue(passphrase)), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(HomeFolder home, string path, string passphrase, TextWriter output)
    {
        using var authority = CertificateAuthority.Read(home.Component("hub").Data).OrComplain();
        if (File.Exists(path))
        {
            throw new Complaint(ExitCode.Refused, $"{path} exists already. Nothing was written.");
        }

        PrivateFile.Replace(path, authority.Export(passphrase));
        output.WriteLine($"{path} holds the authority's key. SHA-256 of its root: {NewRoot.Fingerprint(authority.Root)}");
        output.WriteLine("Keep it and its passphrase apart: with both, anybody can make certificates that every server trusts.");
        return ExitCode.Done;
    }
}

/// <summary><c>tutti cluster restore</c>: the authority's key from such a file.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var home = HomeOption.Create();
        var file = new Argument<string>("FILE") { Description = "What tutti cluster export wrote." };
        var passphrase = AuthorityPassphrase.Create();
        var command = new Command("restore", "Puts the authority's key back where it is missing or damaged; on the server that carries the hub.") { file, home, passphrase };
        command.SetAction(parsed => Run(HomeOption.Existing(parsed.GetRequiredValue(home)), Path.GetFullPath(parsed.GetRequiredValue(file)), AuthorityPassphrase.Read(parsed.GetRequiredValue(passphrase)), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(HomeFolder home, string path, string passphrase, TextWriter output)
    {
        var folder = home.Component("hub").Data;
        if (!Directory.Exists(folder))
        {
            throw new Complaint(ExitCode.Refused, $"{home.Path} does not carry the hub; the authority's key belongs on its server only.");
        }

        using var kept = CertificateAuthority.Import(path, passphrase).OrComplain();
        if (CertificateAuthority.Read(folder).Is(out var there, out _))
        {
            using (there)
            {
                throw new Complaint(ExitCode.Refused, $"There is an authority already; its root has the SHA-256 {NewRoot.Fingerprint(there.Root)}. Nothing was changed.");
            }
        }

        kept.Save(folder);
        output.WriteLine($"The authority's key is back. SHA-256 of its root: {NewRoot.Fingerprint(kept.Root)}. Restart this server if it runs.");
        return ExitCode.Done;
    }
}
