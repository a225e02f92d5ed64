// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Configuration;

namespace Tutti.Lui.Notices;

/// <summary>People are told what becomes of mail jobs.</summary>
internal static class NoticesFeature
{
    public static WebApplicationBuilder AddNotices(this WebApplicationBuilder builder)
    {
        builder.AddSettings<NoticeMailSettings>();
        builder.Services
            .AddSingleton<NoticeStore>()
            .AddSingleton<RemindOfDates>()
            .AddSingleton<SendNotices>()
            .AddHostedService<NoticesWorker>();
        return builder;
    }
}
