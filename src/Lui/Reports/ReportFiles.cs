// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Delivery;
using Tutti.Lui.Fates;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Csv;

namespace Tutti.Lui.Reports;

/// <summary>Files that come from the report's pages, for people with a cookie.</summary>
internal static class ReportFiles
{
    private static readonly string[] _header = ["ADDRESS", "FATE", "TIME", "REPLY", "HOST", "ATTEMPTS", "CAME_BACK"];

    public static void MapReportFiles(this WebApplication app) =>
        app.MapGet("/jobs/{job}/report/recipients.csv", Download).RequireAuthorization().ExcludeFromDescription();

    private static async Task<IResult> Download(
        string job, string? fate, GetJob get, DeliveryStore deliveries, RecipientFateStore fates, CancellationToken stop)
    {
        if (!(await get.Find(job, stop)).Is(out var found, out _) || await deliveries.Find(found.Id, stop) is not { } delivery)
        {
            return TypedResults.NotFound();
        }

        Fate? only = Words.TryTo<Fate>(fate ?? "", out var chosen) ? chosen : null;
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
            $"{found.Code}-recipients.csv");
    }
}
