// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Layout;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Listing;

namespace Tutti.Lui.Palette;

/// <summary>Something that the palette leads to.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Detail">What kind of thing it is, or where it stands.</param>
/// <param name="Path">Where it leads to.</param>
public sealed record PaletteEntry(string Title, string Detail, string Path);

/// <summary>Finds pages, actions and jobs by a few letters.</summary>
internal sealed class FindEntries(ListJobs jobs, FrameIdentity frame)
{
    /// <summary>Most jobs in one answer.</summary>
    public const int MostJobs = 8;

    /// <param name="text">What was typed.</param>
    /// <param name="who">Who typed it: only jobs that they find.</param>
    /// <param name="isAdministrator">Whether administrators' pages are among them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<PaletteEntry>> Handle(string text, Actor who, bool isAdministrator, CancellationToken cancellationToken)
    {
        var typed = text.Trim();
        List<PaletteEntry> actions = [new(JobsWords.NewJob, PaletteWords.Action, "jobs/new"), new(Notices.NoticesWords.Choice, PaletteWords.Action, "notices")];
        var pages = frame.Navigation
            .Where(entry => !entry.Posts && (isAdministrator || !entry.AdministratorsOnly))
            .Select(entry => new PaletteEntry(entry.Title, PaletteWords.Page, entry.Path));
        var found = actions.Concat(pages).Where(entry => Fits(entry.Title, typed)).ToList();
        var listed = await jobs.Handle(new JobQuery(Search: typed.Length == 0 ? null : typed, Take: MostJobs, Viewer: who), cancellationToken);
        foreach (var job in listed.Jobs)
        {
            found.Add(new PaletteEntry($"{job.Code} {job.Title}", JobLook.WordOf(job), $"jobs/{job.Code}"));
        }

        if (typed.Length > 0 && listed.Jobs.FirstOrDefault(job => string.Equals(job.Code, typed, StringComparison.OrdinalIgnoreCase)) is { } named)
        {
            found.Add(new PaletteEntry(Frame.Words.SharedWords.Fill(PaletteWords.ReportOf, named.Code), PaletteWords.Page, $"jobs/{named.Code}/report"));
            found.Add(new PaletteEntry(Frame.Words.SharedWords.Fill(PaletteWords.CopyOf, named.Code), PaletteWords.Action, $"jobs/{named.Code}/copy"));
        }

        return found;
    }

    private static bool Fits(string title, string typed) => typed.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => title.Contains(word, StringComparison.CurrentCultureIgnoreCase));
}
