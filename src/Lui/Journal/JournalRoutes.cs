// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.Journal;

/// <summary>Journals, notes and due dates over REST.</summary>
internal static class JournalRoutes
{
    /// <summary>A line of a journal with its job.</summary>
    internal sealed record JournalDocument(string Job, string Title, DateTimeOffset At, string Who, string Kind, string Words);

    /// <summary>A page of lines, the newest first.</summary>
    internal sealed record JournalPageDocument(IReadOnlyList<JournalDocument> Lines, long Total);

    /// <summary>A note.</summary>
    internal sealed record NewNote(string? Text);

    /// <summary>Until when somebody has to have authorised the job; null for no such date.</summary>
    internal sealed record NewDueDate(DateTimeOffset? By);

    public static RouteGroupBuilder MapJournal(this RouteGroupBuilder api)
    {
        api.MapGet("/journal", async (
            ClaimsPrincipal user, JournalStore store, CancellationToken stop, string? search = null, string? who = null, string? kind = null, DateTimeOffset? from = null, DateTimeOffset? until = null,
            int skip = 0, int take = 50) =>
        {
            var page = await store.List(new JournalQuery(Actor.Of(user), search, who, kind, from, until, skip, take), stop);
            return TypedResults.Ok(new JournalPageDocument(
                [.. page.Items.Select(item => new JournalDocument(item.Code, item.Title, item.Entry.At, item.Entry.Who.Name, item.Entry.Kind, item.Entry.Words))], page.Total));
        }).WithName("ListJournal").WithTags("Journal").WithDescription("Who did what with which job; only jobs that the caller finds.");
        var jobs = api.MapGroup("/jobs/{job}").WithTags("Journal").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status400BadRequest);
        jobs.MapPost("/notes", (string job, NewNote note, ClaimsPrincipal user, GetJob get, AddNote use, CancellationToken stop) => JobRoutes.Change(
            job, get, found => use.Handle(new AddNote.Command(found.Id, Actor.Of(user), note.Text ?? ""), stop), stop)).WithName("AddNote");
        jobs.MapPut("/due-date", (string job, NewDueDate due, ClaimsPrincipal user, GetJob get, SetDueDate use, CancellationToken stop) => JobRoutes.Change(
            job, get, found => use.Handle(new SetDueDate.Command(found.Id, Actor.Of(user), due.By), stop), stop)).WithName("SetDueDate").ProducesProblem(StatusCodes.Status409Conflict);
        return api;
    }
}
