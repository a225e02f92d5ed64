// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Content;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.DropIns;

/// <summary>A message with its drop-ins.</summary>
/// <param name="Content">Subject and parts, the tags replaced.</param>
/// <param name="Used">The drop-ins that stand in it, also those within others.</param>
/// <param name="Troubles">What people have to know.</param>
internal sealed record ExpandedContent(JobContent Content, IReadOnlyList<DropIn> Used, IReadOnlyList<DropInTrouble> Troubles);

/// <summary>Drop-ins in a job's message. What has to be fetched is fetched once for the job and stays as it is until somebody fetches it anew.</summary>
internal sealed class JobDropIns(DropInStore store, FetchDropIn fetch)
{
    /// <summary>The message with its drop-ins.</summary>
    public async Task<ExpandedContent> Expand(Job job, JobContent content, JobSender sender, CancellationToken cancellationToken)
    {
        if (!DropInText.MayHold(content.Subject) && !DropInText.MayHold(content.Preheader) && !DropInText.MayHold(content.Html) && !DropInText.MayHold(content.Text))
        {
            return new ExpandedContent(content, [], []);
        }

        var all = (await store.List(cancellationToken)).ToDictionary(dropIn => dropIn.Name, StringComparer.Ordinal);
        var fetched = new Dictionary<string, FetchedDropIn>(await store.Fetched(job.Id, cancellationToken), StringComparer.Ordinal);
        while (true)
        {
            var (used, lacking) = (new HashSet<DropIn>(), new HashSet<DropIn>());
            var text = new DropInText(
                name =>
                {
                    if (!all.TryGetValue(name, out var dropIn))
                    {
                        return null;
                    }

                    used.Add(dropIn);
                    if (!dropIn.IsFetched || !dropIn.IsEnabled)
                    {
                        return (dropIn, dropIn.Body, null);
                    }

                    if (fetched.TryGetValue(name, out var value) && value.Definition == dropIn.Definition)
                    {
                        return (dropIn, value.Value, value.Problem);
                    }

                    lacking.Add(dropIn);
                    return (dropIn, "", null);
                },
                SystemDropIns.Of(job, sender));
            var expanded = Expand(text, content);
            if (lacking.Count == 0)
            {
                return new ExpandedContent(expanded, [.. used.OrderBy(dropIn => dropIn.Name, StringComparer.Ordinal)], text.Troubles);
            }

            foreach (var dropIn in lacking)
            {
                fetched[dropIn.Name] = await Fetch(job.Id, dropIn, cancellationToken);
            }
        }
    }

    /// <summary>The message with those of the system alone, for a look at the rest of what was written.</summary>
    public static JobContent WithSystem(JobContent content, JobSender sender)
    {
        return Expand(new DropInText(static _ => null, SystemDropIns.Of(null, sender)), content);
    }

    /// <summary>Fetches what a job's message uses anew.</summary>
    public async Task Refresh(Job job, JobContent content, JobSender sender, CancellationToken cancellationToken)
    {
        foreach (var dropIn in (await Expand(job, content, sender, cancellationToken)).Used.Where(dropIn => dropIn.IsFetched && dropIn.IsEnabled))
        {
            await Fetch(job.Id, dropIn, cancellationToken);
        }
    }

    private async Task<FetchedDropIn> Fetch(long jobId, DropIn dropIn, CancellationToken cancellationToken)
    {
        var value = await fetch.Handle(dropIn, cancellationToken);
        await store.SaveFetched(jobId, value, cancellationToken);
        return value;
    }

    // A text part that is made from the HTML part is made from it with its drop-ins.
    private static JobContent Expand(DropInText text, JobContent content) => content with
    {
        Subject = OneLine(text.Expand(content.Subject, isHtml: false)),
        Preheader = OneLine(text.Expand(content.Preheader, isHtml: false)),
        Html = text.Expand(content.Html, isHtml: true),
        Text = content.IsTextAutomatic ? content.Text : text.Expand(content.Text, isHtml: false),
    };

    // A drop-in of several lines in a subject would end the header.
    private static string OneLine(string subject) => subject.AsSpan().ContainsAny('\r', '\n') ? string.Join(' ', subject.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries)) : subject;
}
