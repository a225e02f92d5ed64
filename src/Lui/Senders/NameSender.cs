// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Lui.Listserv;
using Tutti.Lui.Senders.Profiles;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Senders;

/// <summary>Names who the recipients see as the sender.</summary>
internal sealed class NameSender(JobStore jobs, UseProfile use, Connections listservs, TimeProvider clock)
{
    /// <param name="JobId">The job.</param>
    /// <param name="Who">Who names it.</param>
    /// <param name="Name">Display name; may be empty.</param>
    /// <param name="Address">From address.</param>
    /// <param name="ReplyTo">Where answers go; null or empty: to the sender.</param>
    /// <param name="Version">The version of the job that people saw.</param>
    /// <param name="Way">How the messages leave.</param>
    public sealed record Command(long JobId, Actor Who, string Name, string Address, string? ReplyTo, long? Version = null, JobWay Way = JobWay.Engine)
    {
        /// <summary>A profile in the place of all that; null: the sender is the job's own.</summary>
        public long? Profile { get; init; }

        /// <summary>What a sender has beyond name and addresses.</summary>
        public JobSender? More { get; init; }
    }

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (command.Way != JobWay.Engine && (await listservs.List(cancellationToken)).Count == 0)
        {
            return SenderRefusals.NoListserv();
        }

        if (command.Profile is { } profile)
        {
            return await use.Handle(new UseProfile.Command(command.JobId, command.Who, profile, command.Way, command.Version), cancellationToken);
        }

        if (!ReadSender.Of((command.More ?? new JobSender("", "")) with { Name = command.Name, Address = command.Address, ReplyTo = command.ReplyTo }).Is(out var sender, out var refusal))
        {
            return refusal;
        }

        var now = clock.GetUtcNow();
        return await jobs.Change(
            command.JobId,
            command.Version,
            job => job.SendAs(sender, command.Way, command.Who, now),
            _ => new JournalEntry(now, command.Who, "sender", DidName(command.Way, sender.Address)),
            cancellationToken);
    }

    /// <summary>The line in the journal.</summary>
    public static string DidName(JobWay way, string address) => way switch
    {
        JobWay.Engine => SharedWords.Fill(SendersWords.DidName, address),
        JobWay.Listserv => SharedWords.Fill(SendersWords.DidNameListserv, address),
        JobWay.ListservTogether => SharedWords.Fill(SendersWords.DidNameTogether, address),
    };
}
