// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Lui.Approval;
using Tutti.Lui.Preflight.Rules;
using Tutti.Wiring.Configuration;

namespace Tutti.Lui.Attachments;

/// <summary>Files that travel with messages: attachments, and images that the HTML part shows.</summary>
internal static class AttachmentsFeature
{
    public static WebApplicationBuilder AddAttachments(this WebApplicationBuilder builder)
    {
        builder.AddSettings<AttachmentSettings>();
        builder.Services
            .AddSingleton<JobFileStore>()
            .AddSingleton<AddFile>()
            .AddSingleton<RemoveFile>()
            .AddSingleton<ShowImages>()
            .AddSingleton<HandOverFiles>()
            .AddSingleton<ISealedPart, SealedFiles>()
            .AddSingleton<IPreflightRule, AttachmentsRule>();
        return builder;
    }
}
