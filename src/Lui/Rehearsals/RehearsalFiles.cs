// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Rehearsals;

/// <summary>Files that come from the rehearsal's page, for people with a cookie.</summary>
internal static class RehearsalFiles
{
    public static void MapRehearsalFiles(this WebApplication app) =>
        app.MapGet("/jobs/{job}/rehearsal/messages/{number:long}.eml", Download).RequireAuthorization().ExcludeFromDescription();

    private static async Task<IResult> Download(string job, long number, GetJob get, RehearsalStore store, CancellationToken stop) =>
        (await get.Find(job, stop)).Is(out var found, out _) && await store.OfJob(found.Id, stop) is { } rehearsal && await store.OddMessage(rehearsal.Id, number, stop) is { } message
            ? TypedResults.File(message, "message/rfc822", $"{found.Code}-{number}.eml")
            : TypedResults.NotFound();
}
