// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Dst.Signing;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Dkim;

/// <summary><c>tutti dkim create</c>: makes a signing key where DST is and prints the DNS record that goes with it.</summary>
internal static class DkimCommand
{
    // RFC 1035 §3.3.14: a TXT record is made of strings of at most 255 characters.
    private const int LongestString = 255;

    /// <summary>The command for the tree.</summary>
    public static Command Create()
    {
        var home = HomeOption.Create();
        var domain = new Option<string>("--domain") { Description = "The domain of the sender's address.", HelpName = "DOMAIN", Required = true };
        var selector = new Option<string?>("--selector") { Description = "Name of the key in the DNS. Default: the first of tutti1, tutti2, … that is free.", HelpName = "NAME" };
        var create = new Command("create", "Makes an RSA key with 2048 bits and prints the DNS record for it.") { home, domain, selector };
        create.SetAction(parsed => Run(
            HomeOption.Existing(parsed.GetRequiredValue(home)), parsed.GetRequiredValue(domain), parsed.GetValue(selector), parsed.InvocationConfiguration.Output));
        return new Command("dkim", "Keys that sign outgoing mail.") { create };
    }

    private static int Run(HomeFolder home, string domain, string? selector, TextWriter output)
    {
        var folder = home.Component("dst");
        if (!Directory.Exists(folder.Path))
        {
            throw new Complaint(ExitCode.Refused, $"{home.Path} carries no distributor, and keys lie where mail is signed. Run this on the server with dst.");
        }

        var created = DkimKeyStore.Create(DkimKeyStore.FolderIn(folder.Data), domain, selector);
        if (!created.Is(out var key, out var refusal))
        {
            throw new Complaint(ExitCode.Refused, refusal.Message);
        }

        output.WriteLine($"{key.RecordName}. IN TXT ( {string.Join(' ', key.RecordText.Chunk(LongestString).Select(part => $"\"{new string(part)}\""))} )");
        return ExitCode.Done;
    }
}
