// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Lui.Reports;

/// <summary>What became of jobs: receipts, fates, opens and clicks.</summary>
internal static class ReportsFeature
{
    public static WebApplicationBuilder AddReports(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<ReportStore>()
            .AddSingleton<RecipientFateStore>()
            .AddSingleton<ReadReceipt>()
            .AddSingleton<ReadReport>()
            .AddSingleton<ReadProgress>()
            .AddSingleton<ListFates>()
            .AddSingleton<Signed.ReceiptKeys>()
            .AddSingleton<Signed.WriteSignedReceipt>();
        return builder;
    }
}
