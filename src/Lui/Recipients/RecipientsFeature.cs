// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Lui.Approval;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Recipients.AddressIndex;
using Tutti.Lui.Recipients.Drawing;
using Tutti.Lui.Recipients.Import;
using Tutti.Lui.Recipients.Reactions;
using Tutti.Lui.Recipients.Reasons;
using Tutti.Lui.Recipients.Waterfalls;

namespace Tutti.Lui.Recipients;

/// <summary>Who gets the message: files of recipients, their import, and the sets that come of them.</summary>
internal static class RecipientsFeature
{
    public static WebApplicationBuilder AddRecipients(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<RecipientStore>()
            .AddSingleton<RecipientSourceStore>()
            .AddSingleton<UploadRecipients>()
            .AddSingleton<PreviewRecipients>()
            .AddSingleton<StartImport>()
            .AddSingleton<ISealedPart, SealedAudience>()
            .AddSingleton<StopImport>()
            .AddSingleton<DownloadRecipients>()
            .AddSingleton<WaterfallStore>()
            .AddSingleton<CountSuppressed>()
            .AddSingleton<ReadWaterfall>()
            .AddSingleton<WritePeople>()
            .AddSingleton<TakeRows>()
            .AddSingleton<DrawRecipients>()
            .AddSingleton<ReactionSetStore>()
            .AddSingleton<TakeReactions>()
            .AddSingleton<AddressIndexStore>()
            .AddSingleton<IndexAddresses>()
            .AddSingleton<ReasonStore>()
            .AddSingleton<ExplainAddress>()
            .AddSingleton<ImportQueue>()
            .AddSingleton<ImportRunStore>()
            .AddSingleton<RunImport>()
            .AddSingleton<ImportFile>()
            .AddSingleton<CompleteImport>()
            .AddSingleton<IStepSource, RecipientsStep>()
            .AddHostedService<ImportWorker>()
            .AddHostedService<AddressIndexWorker>();
        return builder;
    }
}
