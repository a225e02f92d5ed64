// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Frame.Words;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Hub.Notices;

/// <summary>Mails to administrators about what needs attention.</summary>
internal static class NoticesFeature
{
    public static WebApplicationBuilder AddNotices(this WebApplicationBuilder builder)
    {
        builder.AddSettings<NoticesSettings>();
        builder.Services
            .AddSingleton<NoticeStore>()
            .AddSingleton<CurrentConditions>()
            .AddSingleton(services => new NoticeMail(services.GetRequiredService<NoticesSettings>(), services.GetRequiredService<ServerConfiguration>().Common.HostName))
            .AddSingleton<TellAdministrators>()
            .AddSingleton<IStatusSource, NoticesStatus>()
            .AddHostedService<NoticesWorker>();
        return builder;
    }

    private sealed class NoticesStatus(TellAdministrators tell, NoticesSettings settings) : IStatusSource
    {
        public ValueTask<ComponentReport> Report(CancellationToken cancellationToken) => ValueTask.FromResult(
            new ComponentReport(true, tell.Problem is { } problem ? [SharedWords.Fill(NoticesWords.NotSent, settings.NoticesHost, problem)] : [], []));
    }
}
