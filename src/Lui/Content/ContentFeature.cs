// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Lui.Approval;
using Tutti.Lui.Content.Editing;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Content;

/// <summary>What jobs say.</summary>
internal static class ContentFeature
{
    public static WebApplicationBuilder AddContent(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<ContentStore>()
            .AddSingleton<DraftStore>()
            .AddScoped<BrowserCopies>()
            .AddSingleton<JobMessages>()
            .AddSingleton<SaveContent>()
            .AddSingleton<ISealedPart, SealedContent>()
            .AddSingleton<PreviewContent>()
            .AddSingleton<IStepSource, ContentStep>();
        return builder;
    }
}
