// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Lui.Listserv;
using Tutti.Mail.Addresses;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Senders;

/// <summary>Names who the recipients see as the sender.</summary>
internal sealed class NameSender(JobStore jobs, Connections listservs, TimeProvider clock)
{
    private const int MostCharacters = 200;

    /// <param name="JobId">The job.</param>
    /// <param name="Who">Who names it.</param>
    /// <param name="Name">Display name; may be empty.</param>
    /// <param name="Address">From address.</param>
    /// <param name="ReplyTo">Where answers go; null or empty: to the sender.</param>
    /// <param name="Version">The version of the job that people saw.</param>
    /// <param name="Way">How the messages leave.</param>
    public sealed record Command(long JobId, Actor Who, string Name, string Address, string? ReplyTo, long? Version = null, JobWay Way = JobWay.Engine);

    public async Task<Outcome<Job>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!EmailAddress.TryParse(command.Address, out var address, out var problem))
        {
            return SenderRefusals.Address("address", command.Address, problem.InWords());
        }

        EmailAddress? replyTo = null;
        if (!string.IsNullOrWhiteSpace(command.ReplyTo) && !EmailAddress.TryParse(command.ReplyTo, out replyTo, out problem))
        {
            return SenderRefusals.Address("replyTo", command.ReplyTo, problem.InWords());
        }

        var name = command.Name.Trim();
        if (name.Length > MostCharacters || name.Any(char.IsControl))
        {
            return SenderRefusals.Name(MostCharacters);
        }

        if (command.Way != JobWay.Engine && (await listservs.List(cancellationToken)).Count == 0)
        {
            return SenderRefusals.NoListserv();
        }

        var now = clock.GetUtcNow();
        var sender = new JobSender(name, address.Text, replyTo?.Text);
        return await jobs.Change(
            command.JobId,
            command.Version,
            job => job.SendAs(sender, command.Way, command.Who, now),
            _ => new JournalEntry(now, command.Who, "sender", DidName(command.Way, address.Text)),
            cancellationToken);
    }

    private static string DidName(JobWay way, string address) => way switch
    {
        JobWay.Engine => SharedWords.Fill(SendersWords.DidName, address),
        JobWay.Listserv => SharedWords.Fill(SendersWords.DidNameListserv, address),
        JobWay.ListservTogether => SharedWords.Fill(SendersWords.DidNameTogether, address),
    };
}
