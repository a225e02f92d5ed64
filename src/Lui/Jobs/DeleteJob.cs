// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Jobs;

/// <summary>Deletes an open mail job with everything that belongs to it. Its code is not used again.</summary>
internal sealed partial class DeleteJob(JobStore store, ILogger<DeleteJob> logger)
{
    public sealed record Command(long JobId, Actor Who);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        var outcome = await store.Delete(command.JobId, command.Who, cancellationToken);
        if (outcome.Is(out var job, out _))
        {
            LogDeleted(job.Code, command.Who.Id);
        }

        return outcome;
    }

    [LoggerMessage(4001, LogLevel.Information, "Mail job {Code} was deleted by account {Account}", EventName = "lui.job.deleted")]
    private partial void LogDeleted(string code, string account);
}
