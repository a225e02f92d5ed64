// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Lui.Archives;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Teams;

/// <summary>
/// Stands before every address of a job, pages' files and REST alike: who may not see what lies behind it gets the answer as if
/// there were no such job, or a refusal where they see other parts of it. That nobody changes what is not theirs the store of
/// jobs sees to once more.
/// </summary>
internal static class JobGate
{
    private const string Parameter = "job";

    /// <summary>Puts the gate behind authentication.</summary>
    public static WebApplication UseJobGate(this WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            if (await Refuse(context) is { } refusal)
            {
                await RefusalResult.Of(refusal).ExecuteAsync(context);
                return;
            }

            await next(context);
        });
        return app;
    }

    /// <summary>Whether a job may be looked at, or changed, at an address of it; null if so.</summary>
    public static Refusal? Judge(Job job, JobRights rights, string rest, bool changes)
    {
        if (!rights.Sees)
        {
            return JobRefusals.NotFound(job.Code);
        }

        // What its rows would be needed for has to wait until they are back.
        if (job.State == JobState.Archived && JobDoors.NeedsRows(rest))
        {
            return ArchiveRefusals.IsArchived(job);
        }

        return JobDoors.StepOf(rest) switch
        {
            { } step when !rights.MaySee(step) => TeamRefusals.NotSeen(job, step),
            { } step when changes && !rights.MayEdit(step) => TeamRefusals.NotYours(job, step),
            null when changes && !JobDoors.IsForReaders(rest) && !rights.Steps.EditsAny => TeamRefusals.OnlySees(job),
            _ => null,
        };
    }

    private static async Task<Refusal?> Refuse(HttpContext context)
    {
        if (context.GetRouteValue(Parameter) is not string which || context.User.Identity is not { IsAuthenticated: true }
           )
        {
            return null;
        }

        var services = context.RequestServices;
        if (!(await services.GetRequiredService<GetJob>().Find(which, context.RequestAborted)).Is(out var job, out _))
        {
            return null;
        }

        var rights = await services.GetRequiredService<RightsReader>().Of(job, Actor.Of(context.User), context.RequestAborted);
        var path = context.Request.Path.Value ?? "";
        var begin = path.IndexOf($"/jobs/{which}", StringComparison.OrdinalIgnoreCase);
        var rest = begin < 0 ? "" : path[(begin + "/jobs/".Length + which.Length)..].TrimStart('/');
        return Judge(job, rights, rest, !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method));
    }
}
