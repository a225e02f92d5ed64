// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Approval;

namespace Tutti.Lui.Jobs.Steps;

/// <summary>What an authorisation covers of a job's schedule: what was chosen, and that the job does not leave before that.</summary>
internal sealed class SealedSchedule : ISealedPart
{
    /// <inheritdoc/>
    public SealedPart Part => SealedPart.Schedule;

    /// <inheritdoc/>
    public Task Write(CanonicalForm form, Job job, CancellationToken cancellationToken)
    {
        form.Add("at", job.Schedule?.At?.ToUnixTimeMilliseconds()).Add("zone", job.Schedule?.Zone).Add("chosen", job.Schedule is null ? 0 : 1)
            .Add("early", job.DueAt?.ToUnixTimeMilliseconds() < job.Schedule?.At?.ToUnixTimeMilliseconds() ? 1 : 0);

        // Only where there is one: the seals of before had none.
        if (job.Schedule?.Repeat is { } repeat)
        {
            form.Add("every", repeat.Every).Add("unit", Words.Of(repeat.Unit)).Add("runs", repeat.Runs).Add("until", repeat.Until?.ToUnixTimeMilliseconds())
                .Add("first", repeat.First?.ToUnixTimeMilliseconds()).Add("index", repeat.Index).Add("chain", job.ChainId).Add("run", job.Run);
        }

        if (job.Schedule?.Local is { } local)
        {
            form.Add("wall", local.WallInWords).Add("column", local.Column);
        }

        if (job.Schedule is { OnTrigger: true })
        {
            form.Add("trigger", 1);
        }

        if (job.Schedule?.Pace is { } pace)
        {
            form.Add("pace", pace.ToWords());
        }

        return Task.CompletedTask;
    }
}
