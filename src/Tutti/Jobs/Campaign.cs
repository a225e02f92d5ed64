// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tutti.Commands.Jobs;

/// <summary>What a job shall be: everything that <c>tutti job send</c> takes.</summary>
internal sealed record CampaignPlan
{
    /// <summary>Shown in the list of jobs; the subject if nobody says otherwise.</summary>
    public required string Title { get; init; }

    /// <summary>CSV file with a header.</summary>
    public required string RecipientsFile { get; init; }

    /// <summary>The HTML body, or null.</summary>
    public string? Html { get; init; }

    /// <summary>The text body, or null.</summary>
    public string? Text { get; init; }

    /// <summary>With merge fields.</summary>
    public required string Subject { get; init; }

    /// <summary>Who sends.</summary>
    public required MailAddressText From { get; init; }

    /// <summary>personal, blind or off.</summary>
    public string Tracking { get; init; } = "personal";

    /// <summary>Host name of the tracker that links lead to, or null for the first one.</summary>
    public string? TrackerHost { get; init; }

    /// <summary>ISO 8601, or null for at once.</summary>
    public string? At { get; init; }

    /// <summary>Whether warnings of the preflight keep the job from being authorised; otherwise they are told and let pass.</summary>
    public bool StopAtWarnings { get; init; }

    /// <summary>Told what the preflight finds, one line each.</summary>
    public Action<string> Told { get; init; } = _ => { };
}

/// <summary>Drives a job through LUI's REST interface, step by step as a person would on its page.</summary>
internal sealed class Campaign(LuiClient lui, TimeProvider clock)
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(2);

    /// <summary>Makes a job, fills in every step, waives the test, which the journal then shows, and authorises it.</summary>
    /// <returns>The job's id, such as 261124A.</returns>
    public async Task<string> Send(CampaignPlan plan, CancellationToken cancellationToken)
    {
        var created = await lui.Send(HttpMethod.Post, "jobs", new { title = plan.Title }, cancellationToken);
        var job = Id(created);
        await Import(job, plan.RecipientsFile, cancellationToken);
        await lui.Send(HttpMethod.Put, $"jobs/{job}/content", new { subject = plan.Subject, html = plan.Html ?? "", text = plan.Text ?? "" }, cancellationToken);
        await lui.Send(HttpMethod.Put, $"jobs/{job}/tracking", new { type = plan.Tracking, trackerHost = plan.TrackerHost }, cancellationToken);
        await lui.Send(HttpMethod.Put, $"jobs/{job}/sender", new { name = plan.From.Name, address = plan.From.Address }, cancellationToken);
        await lui.Send(HttpMethod.Put, $"jobs/{job}/schedule", new { at = plan.At }, cancellationToken);
        await lui.Send(HttpMethod.Post, $"jobs/{job}/test/waive", null, cancellationToken);
        await Preflight(job, plan, cancellationToken);
        await lui.Send(HttpMethod.Post, $"jobs/{job}/authorize", null, cancellationToken);
        return job;
    }

    /// <summary>Has LUI look at the job, and lets its warnings pass after they were told, unless they shall stop it. Errors stop it in any case.</summary>
    private async Task Preflight(string job, CampaignPlan plan, CancellationToken cancellationToken)
    {
        var report = await lui.Send(HttpMethod.Post, $"jobs/{job}/preflight", null, cancellationToken);
        var open = report.GetProperty("findings").EnumerateArray().Where(finding => finding.GetProperty("level").GetString() is "error" or "warning").ToList();
        foreach (var finding in open)
        {
            plan.Told($"{finding.GetProperty("level").GetString()}: {finding.GetProperty("words").GetString()}");
        }

        if (report.GetProperty("blocks").GetBoolean() || (plan.StopAtWarnings && report.GetProperty("asks").GetBoolean()))
        {
            throw new Complaint(ExitCode.Refused, $"Mail job {job} was not authorised because of its preflight. It is open: go on with it on its page.");
        }

        if (report.GetProperty("asks").GetBoolean())
        {
            await lui.Send(HttpMethod.Post, $"jobs/{job}/preflight/ticks", null, cancellationToken);
        }
    }

    /// <summary>Puts the addresses of a CSV file on the suppression list.</summary>
    public async Task Suppress(string file, CancellationToken cancellationToken) =>
        await lui.Upload("suppression", file, "text/csv", cancellationToken);

    /// <summary>What recipients did so far.</summary>
    public async Task<JobReactions> Reactions(string job, CancellationToken cancellationToken)
    {
        var report = await lui.Send(HttpMethod.Get, $"jobs/{Uri.EscapeDataString(job)}/report", null, cancellationToken);
        long Recipients(string kind) => report.GetProperty(kind).GetProperty("recipients").GetInt64();
        return new JobReactions(Recipients("opens"), Recipients("clicks"));
    }

    /// <summary>The receipt now.</summary>
    public async Task<JobReceipt> Receipt(string job, CancellationToken cancellationToken)
    {
        var receipt = await lui.Send(HttpMethod.Get, $"jobs/{Uri.EscapeDataString(job)}/receipt", null, cancellationToken);
        return receipt.Deserialize<JobReceipt>(JsonSerializerOptions.Web) ?? throw new Complaint(ExitCode.Unavailable, "The receipt could not be read.");
    }

    /// <summary>Waits until the job is completed and nobody waits any more.</summary>
    /// <param name="job">The job's id.</param>
    /// <param name="patience">How long at most; null waits without end.</param>
    /// <param name="seen">Told about every receipt on the way.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The last receipt, and whether it is the final one.</returns>
    public async Task<(JobReceipt Receipt, bool IsFinal)> Wait(
        string job, TimeSpan? patience, Action<JobReceipt> seen, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        var pause = _firstPause;
        while (true)
        {
            var receipt = await Receipt(job, cancellationToken);
            seen(receipt);
            // Before its start nobody waits either.
            if (receipt is { Waiting: 0, State: "completed" })
            {
                return (receipt, true);
            }

            // A failed job goes on only when a person says so.
            if (receipt.State == "failed" || (patience is { } limit && clock.GetElapsedTime(start) >= limit))
            {
                return (receipt, false);
            }

            await Task.Delay(pause, clock, cancellationToken);
            pause = pause * 1.5 < _longestPause ? pause * 1.5 : _longestPause;
        }
    }

    /// <summary>Uploads the recipients and waits until LUI has read them in.</summary>
    private async Task Import(string job, string file, CancellationToken cancellationToken)
    {
        var source = await lui.Upload($"jobs/{job}/recipients?fileName={Uri.EscapeDataString(Path.GetFileName(file))}", file, "text/csv", cancellationToken);
        while (source.GetProperty("state").GetString() is not "ready")
        {
            if (source.GetProperty("failure") is { ValueKind: JsonValueKind.Object } failure)
            {
                throw new Complaint(ExitCode.Refused, $"{file}: {failure.GetProperty("message").GetString()}");
            }

            await Task.Delay(_firstPause, clock, cancellationToken);
            source = await lui.Send(HttpMethod.Get, $"jobs/{job}/recipients", null, cancellationToken);
        }
    }

    private static string Id(JsonElement job) => job.GetProperty("job").GetString() ?? throw new Complaint(ExitCode.Unavailable, "The new job has no id.");
}
