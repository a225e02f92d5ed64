// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.Folders;

/// <summary>Folders over REST.</summary>
internal static class FolderRoutes
{
    /// <summary>A folder. Without a parent it lies at the top.</summary>
    internal sealed record FolderDocument(long Id, string Name, long? Parent);

    /// <summary>A folder as it shall be.</summary>
    internal sealed record NewFolder(string Name, long? Parent);

    /// <summary>Where a job shall lie; null for no folder.</summary>
    internal sealed record NewPlace(long? Folder);

    public static RouteGroupBuilder MapFolders(this RouteGroupBuilder api)
    {
        var folders = api.MapGroup("/folders").WithTags("Folders").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status400BadRequest);
        folders.MapGet("/", async (ClaimsPrincipal user, FolderStore store, CancellationToken stop) =>
            TypedResults.Ok<IReadOnlyList<FolderDocument>>([.. (await store.Of(Actor.Of(user), stop)).Select(Of)])).WithName("ListFolders");
        folders.MapPost("/", (NewFolder folder, ClaimsPrincipal user, SaveFolder use, CancellationToken stop) => Save(0, folder, user, use, stop)).WithName("CreateFolder");
        folders.MapPut("/{folder:long}", (long folder, NewFolder document, ClaimsPrincipal user, SaveFolder use, CancellationToken stop) => Save(folder, document, user, use, stop))
            .WithName("SaveFolder").ProducesProblem(StatusCodes.Status404NotFound);
        folders.MapDelete("/{folder:long}", Delete).WithName("DeleteFolder").WithDescription("What lies in it goes where it lay.").ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPut("/jobs/{job}/folder", (string job, NewPlace place, ClaimsPrincipal user, GetJob get, MoveJobs use, CancellationToken stop) => JobRoutes.Change(
            job,
            get,
            async found => (await use.Handle(new MoveJobs.Command(Actor.Of(user), [found.Id], place.Folder), stop)).Is(out _, out var refusal)
                ? await get.Find(found.Code, stop)
                : refusal,
            stop)).WithName("MoveJob").WithTags("Folders").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status404NotFound);
        return api;
    }

    private static FolderDocument Of(Folder folder) => new(folder.Id, folder.Name, folder.ParentId);

    private static async Task<Results<Ok<FolderDocument>, ProblemHttpResult>> Save(long id, NewFolder folder, ClaimsPrincipal user, SaveFolder use, CancellationToken stop) =>
        (await use.Handle(new SaveFolder.Command(Actor.Of(user), id, folder.Name, folder.Parent), stop)).Is(out var kept, out var refusal)
            ? TypedResults.Ok(Of(kept))
            : RefusalResult.Of(refusal);

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(long folder, ClaimsPrincipal user, FolderStore store, CancellationToken stop) =>
        (await store.Delete(Actor.Of(user), folder, stop)).Is(out _, out var refusal) ? TypedResults.NoContent() : RefusalResult.Of(refusal);
}
