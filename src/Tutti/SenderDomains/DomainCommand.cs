// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Dst.SenderDomains;

namespace Tutti.Commands.SenderDomains;

/// <summary><c>tutti domain check</c>: looks at a sender domain as receivers do, and says what to do.</summary>
internal static class DomainCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create()
    {
        var home = HomeOption.Create();
        var domain = new Argument<string>("domain") { Description = "The domain of the sender's address.", HelpName = "DOMAIN" };
        var json = new Option<bool>("--json") { Description = "Print one JSON array." };
        var check = new Command("check", "Checks SPF, DKIM, DMARC, the names of the sending addresses and the way back.") { domain, home, json };
        check.SetAction(async (parsed, cancellationToken) =>
        {
            var place = HomeOption.Existing(parsed.GetRequiredValue(home));
            if (!Directory.Exists(place.Component("dst").Path))
            {
                throw new Complaint(ExitCode.Refused, $"{place.Path} carries no distributor, and what counts is where mail leaves. Run this on the server with dst.");
            }

            var findings = await SenderDomainCheck.At(place, Environment.GetEnvironmentVariables()).Handle(parsed.GetRequiredValue(domain), cancellationToken);
            return await FindingLines.Print(findings, parsed.GetValue(json), parsed.InvocationConfiguration.Output);
        });
        return new Command("domain", "Domains of senders.") { check };
    }
}
