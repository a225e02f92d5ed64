// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Mail.Addresses;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Senders;

/// <summary>Lets a job leave although its sender domain has no key where one is needed. It is recorded who decided so.</summary>
internal sealed partial class OverrideSenderCheck(
    Database database, JobStore jobs, SenderCheck check, TimeProvider clock, ILogger<OverrideSenderCheck> logger)
{
    public sealed record Command(long JobId, Actor Who);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (await jobs.Find(command.JobId, cancellationToken) is not { } job)
        {
            return JobRefusals.NotFound(command.JobId);
        }

        if (job.Sender is null || !EmailAddress.TryParse(job.Sender.Address, out var address, out _))
        {
            return SenderRefusals.None(job);
        }

        var domain = address.Domain.ToString();
        if (!(await check.Handle(domain, cancellationToken)).Blocks)
        {
            return SenderRefusals.NothingToOverride(domain);
        }

        var now = clock.GetUtcNow();
        var outcome = await database.Write(
            async transaction =>
            {
                // The domain that was judged must be the one that it sends from.
                var held = await jobs.Hold(transaction, job.Id, job.Version, command.Who, cancellationToken);
                if (held.IsRefused)
                {
                    return held;
                }

                await OverrideStore.Save(transaction, job.Id, domain, command.Who, now, cancellationToken);
                await JobStore.Write(
                    transaction,
                    job.Id,
                    new JournalEntry(now, command.Who, "sender-overridden", SharedWords.Fill(SendersWords.DidOverride, domain)),
                    cancellationToken);
                return held;
            },
            cancellationToken);
        if (!outcome.IsRefused)
        {
            LogOverridden(job.Code, domain, command.Who.Id);
        }

        return outcome;
    }

    [LoggerMessage(4510, LogLevel.Warning, "Mail job {Code} may leave from {Domain} without a DKIM key: overridden by account {Account}", EventName = "lui.sender.overridden")]
    private partial void LogOverridden(string code, string domain, string account);
}
