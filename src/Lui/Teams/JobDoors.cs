// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Microsoft.AspNetCore.Components;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Teams;

/// <summary>Which step of a job lies behind an address: the same for pages, their files and REST.</summary>
internal static class JobDoors
{
    private const string Code = "{Code}";

    /// <summary>What stands behind the job's code in the address of a page; null for a page that belongs to no job.</summary>
    public static string? RestOf(Type page) => page.GetCustomAttributes<RouteAttribute>()
        .Select(route => route.Template)
        .Where(template => template.Contains(Code, StringComparison.OrdinalIgnoreCase))
        .Select(template => template[(template.IndexOf(Code, StringComparison.OrdinalIgnoreCase) + Code.Length)..].TrimStart('/'))
        .FirstOrDefault();

    /// <summary>Whether something may be sent there by whoever sees any of the job: it changes nothing of it.</summary>
    public static bool IsForReaders(string rest) => rest.Split('/')[0].ToLowerInvariant() is "copy" or "notes";

    /// <summary>Whether it shows or takes rows that are in the archive while a job is archived: recipients, what became of them, files, what was rehearsed.</summary>
    public static bool NeedsRows(string rest) => rest.ToLowerInvariant().Split('/', 2)[0]
        is "recipients" or "recipients.csv" or "waterfall" or "why" or "fates" or "report" or "receipt.jsonl" or "doubts" or "files" or "preview" or "rehearsal" or "messages";

    /// <summary>The step, or null for what belongs to the job as a whole.</summary>
    /// <param name="rest">The address behind the job's code, without a slash at its beginning.</param>
    public static JobStep? StepOf(string rest)
    {
        // Addresses are found in any case.
        var parts = rest.ToLowerInvariant().Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (parts.ElementAtOrDefault(0), parts.ElementAtOrDefault(1)) switch
        {
            ("recipients" or "recipients.csv" or "waterfall" or "why" or "fates", _) or ("report", "recipients" or "recipients.csv") => JobStep.Recipients,
            ("on-demand", "end") => JobStep.Authorize,
            ("on-demand", _) => JobStep.Recipients,
            ("content" or "preview" or "files", _) => JobStep.Content,
            ("tracking" or "links", _) => JobStep.Tracking,
            ("sender", _) => JobStep.Sender,
            ("test", _) => JobStep.Test,
            ("schedule", _) => JobStep.Schedule,
            ("authorise" or "authorize" or "revoke" or "stop" or "retry" or "reopen" or "close" or "doubts" or "four-eyes" or "trigger" or "archive" or "archive-after", _) => JobStep.Authorize,
            _ => null,
        };
    }
}
