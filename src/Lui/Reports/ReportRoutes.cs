// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Returns;

namespace Tutti.Lui.Reports;

/// <summary>What became of jobs, over REST.</summary>
internal static class ReportRoutes
{
    private const int MostFates = 1000;

    /// <summary>A job's receipt.</summary>
    internal sealed record ReceiptDocument(
        string Job,
        string State,
        long Planned,
        long Accepted,
        long Refused,
        long Expired,
        long Suppressed,
        long Withdrawn,
        long Waiting,
        long InDoubt,
        bool Simulated,
        string? WaitsFor,
        long Bounced,
        long Complained);

    /// <summary>A recipient with his or her fate.</summary>
    internal sealed record FateDocument(long Id, string Address, string Fate, DateTimeOffset? Time, string Reply, string Host, long Attempts, string CameBack, string? Identification);

    /// <summary>A page of recipients; next is the after of the next page, null on the last one.</summary>
    internal sealed record FateList(IReadOnlyList<FateDocument> Recipients, long? Next);

    public static RouteGroupBuilder MapReports(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs/{job}").WithTags("Reports").ProducesProblem(StatusCodes.Status404NotFound);
        jobs.MapGet("/receipt", Receipt).WithName("GetReceipt");
        jobs.MapGet("/receipt.jsonl", SignedReceipt).WithName("DownloadReceipt").Produces(StatusCodes.Status200OK, contentType: Signed.WriteSignedReceipt.MediaType)
            .WithDescription("The receipt with a line for each recipient, signed. The public keys are at /receipt-keys.pem.");
        jobs.MapGet("/progress", Progress).WithName("GetProgress");
        jobs.MapGet("/report", Report).WithName("GetReport");
        jobs.MapGet("/fates", Fates).WithName("ListFates").ProducesProblem(StatusCodes.Status400BadRequest);
        jobs.MapGet("/recipients.csv", Csv).WithName("DownloadFates").Produces(StatusCodes.Status200OK, contentType: "text/csv")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return api;
    }

    private static async Task<Results<Ok<ReceiptDocument>, ProblemHttpResult>> Receipt(
        string job, GetJob get, ReadReceipt use, Delivery.WaitStore waits, ReturnStore returns, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal) || !(await use.Handle(found.Id, stop)).Is(out var receipt, out refusal))
        {
            return RefusalResult.Of(refusal);
        }

        var cameBack = await returns.Count(found.Id, stop);
        return TypedResults.Ok(new ReceiptDocument(
            found.Code,
            Words.Of(found.State),
            receipt.Planned,
            receipt.Accepted,
            receipt.Refused,
            receipt.Expired,
            receipt.Suppressed,
            receipt.Withdrawn,
            receipt.Waiting,
            receipt.InDoubt,
            receipt.Simulated,
            (await waits.Find(found.Id, stop))?.Reason,
            cameBack.Bounced,
            cameBack.Complained));
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> SignedReceipt(
        string job, GetJob get, ListFates list, Signed.WriteSignedReceipt write, CancellationToken stop) =>
        (await get.Find(job, stop)).Is(out var found, out var refusal) && (await list.Find(new ListFates.Query(found.Id, null, 0, 0), stop)).Is(out var selection, out refusal)
            ? TypedResults.Stream(body => write.Handle(found, selection, body, stop), Signed.WriteSignedReceipt.MediaType, Signed.WriteSignedReceipt.FileName(found))
            : RefusalResult.Of(refusal);

    private static async Task<Results<Ok<DeliveryProgress>, ProblemHttpResult>> Progress(string job, GetJob get, ReadProgress use, CancellationToken stop) =>
        (await get.Find(job, stop)).Is(out var found, out var refusal) && (await use.Handle(found.Id, stop)).Is(out var progress, out refusal)
            ? TypedResults.Ok(progress)
            : RefusalResult.Of(refusal);

    private static async Task<Results<Ok<JobReport>, ProblemHttpResult>> Report(string job, GetJob get, ReadReport use, CancellationToken stop) =>
        (await get.Find(job, stop)).Is(out var found, out var refusal) && (await use.Handle(found.Id, stop)).Is(out var report, out refusal)
            ? TypedResults.Ok(report)
            : RefusalResult.Of(refusal);

    private static async Task<Results<Ok<FateList>, ProblemHttpResult>> Fates(
        string job, GetJob get, ListFates use, CancellationToken stop, string? fate = null, long after = 0, int limit = 100)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal)
            || !(await use.Page(new ListFates.Query(found.Id, fate, after, Math.Clamp(limit, 1, MostFates)), stop)).Is(out var page, out refusal))
        {
            return RefusalResult.Of(refusal);
        }

        return TypedResults.Ok(new FateList(
            [.. page.Select(one => new FateDocument(one.Id, one.Address, Words.Of(one.Fate), one.At, one.Reply, one.Host, one.Attempts, ReturnLook.WordsOf(one.CameBack), one.Identification))],
            page.Length < Math.Clamp(limit, 1, MostFates) ? null : page[^1].Id));
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Csv(
        string job, GetJob get, ListFates use, CancellationToken stop, string? fate = null)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out var refusal)
            || !(await use.Find(new ListFates.Query(found.Id, fate, 0, 0), stop)).Is(out var selection, out refusal))
        {
            return RefusalResult.Of(refusal);
        }

        return TypedResults.Stream(body => use.Write(selection, body, stop), "text/csv; charset=utf-8", $"{found.Code}{(found.IsSimulated ? "-simulated" : "")}-recipients.csv");
    }
}
