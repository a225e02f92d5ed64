// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Content;
using Tutti.Lui.DropIns;
using Tutti.Lui.Jobs;
using Tutti.Lui.OnDemand;
using Tutti.Lui.Recipients;
using Tutti.Lui.Senders;
using Tutti.Lui.Teams;
using Tutti.Lui.Tracking;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Copies;

/// <summary>Takes the recipients of the other job as they are now; they are imported like a file. Where they can be found anew, so can these.</summary>
internal sealed class CopiedRecipients(RecipientSourceStore sources, DownloadRecipients download, TakeRows take, OnDemandStore onDemand, ChooseOnDemand choose) : ICopiedPart
{
    /// <inheritdoc/>
    public JobPart Part => JobPart.Recipients;

    /// <inheritdoc/>
    public async Task<Outcome<bool>> Copy(Job from, Job to, Actor who, CancellationToken cancellationToken)
    {
        if (from.RecipientsId is not { } id || await sources.Find(id, cancellationToken) is not { } source)
        {
            return false;
        }

        var taken = await take.Handle(
            new TakeRows.Command(to.Id, source.FileName, source.Columns[source.AddressColumn], source.NameColumn is { } name ? source.Columns[name] : "", who) { Rule = source.Rule, Like = source },
            async (rows, stop) =>
            {
                await download.Valid(source, rows, stop);
                return null;
            },
            cancellationToken);
        return taken.Is(out _, out var refusal)
            && (await choose.Handle(new ChooseOnDemand.Command(to.Id, who, await onDemand.IsChosen(from.Id, cancellationToken)), cancellationToken)).Is(out _, out refusal)
            ? true
            : refusal;
    }
}

/// <summary>Copies the message, and whether its drop-ins are fetched when it leaves. What they hold is fetched for the other job anew.</summary>
internal sealed class CopiedContent(ContentStore contents, SaveContent save, DropInStore dropIns, ChooseFetching fetching) : ICopiedPart
{
    /// <inheritdoc/>
    public JobPart Part => JobPart.Content;

    /// <inheritdoc/>
    public async Task<Outcome<bool>> Copy(Job from, Job to, Actor who, CancellationToken cancellationToken)
    {
        if (await contents.Find(from.Id, cancellationToken) is not { } content)
        {
            return false;
        }

        var command = new SaveContent.Command(to.Id, who, content.Subject, content.Html, content.Text)
        {
            Preheader = content.Preheader,
            IsTextAutomatic = content.IsTextAutomatic,
            Language = content.Language,
            LanguageField = content.LanguageField,
        };
        if (!(await save.Handle(command, cancellationToken)).Is(out _, out var refusal))
        {
            return refusal;
        }

        var late = await dropIns.FetchesLate(from.Id, cancellationToken);
        return late == await dropIns.FetchesLate(to.Id, cancellationToken) || (await fetching.Late(to.Id, late, who, cancellationToken)).Is(out _, out refusal) ? true : refusal;
    }
}

/// <summary>Copies the tracking type with all that belongs to it. Whether it fits the recipients is told by its step: they may still be on their way.</summary>
internal sealed class CopiedTracking(JobStore jobs, TimeProvider clock) : ICopiedPart
{
    /// <inheritdoc/>
    public JobPart Part => JobPart.Tracking;

    /// <inheritdoc/>
    public async Task<Outcome<bool>> Copy(Job from, Job to, Actor who, CancellationToken cancellationToken)
    {
        if (from.Tracking is not { } tracking)
        {
            return false;
        }

        var now = clock.GetUtcNow();
        return (await jobs.Change(
            to.Id,
            version: null,
            job => job.Track(tracking, from.TrackerHost, who, now).Is(out var tracked, out var no) ? tracked with { TrackingDetails = from.TrackingDetails } : no,
            _ => new JournalEntry(now, who, "tracking", ChooseTracking.InWords(tracking, from.TrackerHost)),
            cancellationToken)).Is(out _, out var refusal) ? true : refusal;
    }
}

/// <summary>Copies the sender.</summary>
internal sealed class CopiedSender(NameSender name) : ICopiedPart
{
    /// <inheritdoc/>
    public JobPart Part => JobPart.Sender;

    /// <inheritdoc/>
    public async Task<Outcome<bool>> Copy(Job from, Job to, Actor who, CancellationToken cancellationToken)
    {
        if (from.Sender is not { } sender)
        {
            return false;
        }

        var command = new NameSender.Command(to.Id, who, sender.Name, sender.Address, sender.ReplyTo, Way: from.Way) { Profile = from.SenderProfile, More = sender };
        var copied = await name.Handle(command, cancellationToken);

        // A profile that is gone, or not for the owner of the other job: then what the sender was.
        copied = copied is { IsRefused: true, Refusal.Code: "profile.not-found" } ? await name.Handle(command with { Profile = null }, cancellationToken) : copied;
        return copied.Is(out _, out var refusal) ? true : refusal;
    }
}

/// <summary>Copies the chosen time, unless it is past.</summary>
internal sealed class CopiedSchedule(JobStore jobs, TimeProvider clock) : ICopiedPart
{
    /// <inheritdoc/>
    public JobPart Part => JobPart.Schedule;

    /// <inheritdoc/>
    public async Task<Outcome<bool>> Copy(Job from, Job to, Actor who, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (from.Schedule is not { } schedule || schedule.At <= now)
        {
            return false;
        }

        return (await jobs.Change(
            to.Id,
            version: null,
            job => job.ScheduleFor(schedule, who, now),
            _ => new JournalEntry(now, who, "scheduled", Frame.Words.SharedWords.Fill(CopiesWords.DidSchedule, schedule.ToString(), from.Code)),
            cancellationToken)).Is(out _, out var refusal) ? true : refusal;
    }
}

/// <summary>Copies who may do what, as far as they are in the new owner's group.</summary>
internal sealed class CopiedTeam(TeamStore teams, ReadTeam read, SetRights set) : ICopiedPart
{
    /// <inheritdoc/>
    public JobPart Part => JobPart.Team;

    /// <inheritdoc/>
    public async Task<Outcome<bool>> Copy(Job from, Job to, Actor who, CancellationToken cancellationToken)
    {
        var members = (await read.Handle(to, cancellationToken)).Members.Select(member => member.Person.Id).ToHashSet();
        var rights = (await teams.Of(from.Id, cancellationToken)).Where(right => members.Contains(right.Key)).ToDictionary(right => right.Key, right => (StepRights?)right.Value);
        if (rights.Count == 0)
        {
            return false;
        }

        return (await set.Handle(new SetRights.Command(to.Id, who, rights), cancellationToken)).Is(out _, out var refusal) ? true : refusal;
    }
}
