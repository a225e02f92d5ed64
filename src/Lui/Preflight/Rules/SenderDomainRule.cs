// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Senders;
using Tutti.Mail.Addresses;
using Level = Tutti.Contracts.Dst.V1.DomainFinding.Types.Level;

namespace Tutti.Lui.Preflight.Rules;

/// <summary>What receivers find out about the domain of the From address: SPF, DKIM, DMARC and the rest, as the distributors see it.</summary>
internal sealed class SenderDomainRule(LookAtDomain look, SenderCheck check, OverrideStore overrides) : IPreflightRule
{
    private const string Rule = "sender-domain";

    public async ValueTask<IReadOnlyList<PreflightFinding>> Look(PreflightSubject subject, CancellationToken cancellationToken)
    {
        if (subject.Job.Sender is not { } sender || !EmailAddress.TryParse(sender.Address, out var address, out _))
        {
            return [new PreflightFinding(Rule, PreflightLevel.NotChecked, PreflightWords.NoSender, JobStep.Sender)];
        }

        var domain = address.Domain.ToString();
        if (await look.Handle(domain, cancellationToken) is not { } found)
        {
            return [new PreflightFinding(Rule, PreflightLevel.NotChecked, SharedWords.Fill(PreflightWords.DomainNotAnswered, domain), JobStep.Sender)];
        }

        // Where mail goes straight to receivers, an unsigned message is turned away by them; elsewhere somebody else may sign it.
        var blocks = (await check.Handle(domain, cancellationToken)).Blocks && await overrides.Find(subject.Job.Id, domain, cancellationToken) is null;
        var findings = found
            .Where(one => one.Level is not Level.Good)
            .GroupBy(one => one.Level switch
            {
                Level.Error when blocks && one.Subject == "DKIM" => PreflightLevel.Error,
                Level.Error or Level.Warning => PreflightLevel.Warning,
                _ => PreflightLevel.NotChecked,
            })
            .Select(those => new PreflightFinding(
                Rule, those.Key, string.Join('\n', those.Select(one => SharedWords.Fill(PreflightWords.DomainFinding, one.Subject, one.Text)).Distinct()), JobStep.Sender))
            .ToList();
        var good = found.Where(one => one.Level == Level.Good).Select(one => one.Subject).Distinct().ToList();
        if (good.Count > 0)
        {
            findings.Add(new PreflightFinding(Rule, PreflightLevel.Good, SharedWords.Fill(PreflightWords.DomainGood, domain, string.Join(", ", good))));
        }

        return findings;
    }
}
