// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Csv;
using Tutti.Lui.Reports.Signed;

namespace Tutti.Lui.Reports;

/// <summary>Files that come from the report's pages, for people with a cookie.</summary>
internal static class ReportFiles
{
    private static readonly string[] _header = ["ADDRESS", "FATE", "TIME", "REPLY", "HOST", "ATTEMPTS", "CAME_BACK"];

    public static void MapReportFiles(this WebApplication app)
    {
        app.MapGet("/jobs/{job}/report/recipients.csv", Download).RequireAuthorization().ExcludeFromDescription();
        app.MapGet("/jobs/{job}/receipt.jsonl", Receipt).RequireAuthorization().ExcludeFromDescription();

        // For whoever was handed a receipt: no secret, and no account needed.
        app.MapGet("/receipt-keys.pem", Keys).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> Receipt(string job, GetJob get, ListFates list, WriteSignedReceipt write, CancellationToken stop) =>
        (await get.Find(job, stop)).Is(out var found, out _) && (await list.Find(new ListFates.Query(found.Id, null, 0, 0), stop)).Is(out var selection, out _)
            ? TypedResults.Stream(body => write.Handle(found, selection, body, stop), WriteSignedReceipt.MediaType, WriteSignedReceipt.FileName(found))
            : TypedResults.NotFound();

    private static async Task<IResult> Keys(ReceiptKeys keys, CancellationToken stop)
    {
        _ = await keys.Current(stop);
        return TypedResults.Text(string.Concat((await keys.All(stop)).Select(key => key.PublicKey)), "application/x-pem-file");
    }

    private static async Task<IResult> Download(
        string job, string? fate, GetJob get, DeliveryStore deliveries, RecipientFateStore fates, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out _) || await deliveries.Find(found.Id, stop) is not { } delivery)
        {
            return TypedResults.NotFound();
        }

        _ = FateFilter.TryRead(fate, out var only);
        return TypedResults.Stream(
            async body =>
            {
                await using var csv = new CsvWriter(body);
                await csv.Write(_header);
                await foreach (var one in fates.Stream(delivery, only, stop))
                {
                    await csv.Write(
                    [
                        one.Address,
                        Words.Of(one.Fate),
                        one.At?.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) ?? "",
                        one.Reply,
                        one.Host,
                        one.Attempts.ToString(CultureInfo.InvariantCulture),
                        ReturnLook.WordsOf(one.CameBack),
                    ]);
                }
            },
            "text/csv; charset=utf-8",
            $"{found.Code}{(found.IsSimulated ? "-simulated" : "")}-recipients.csv");
    }
}
