// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Hosting;

namespace Tutti.Trk.Outages;

/// <summary>Registers the watch over the tracker's own times of running.</summary>
internal static class OutagesFeature
{
    public static WebApplicationBuilder AddOutages(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<OutageStore>()
            .AddSingleton<OutageWatch>()
            .AddSingleton<IStatusSource, OutageStatus>()
            .AddHostedService(services => services.GetRequiredService<OutageWatch>());
        return builder;
    }

    /// <summary>Says for a day when the tracker was not there.</summary>
    private sealed class OutageStatus(OutageWatch watch, TimeProvider clock) : IStatusSource
    {
        // A restart for an update is no news.
        private static readonly TimeSpan _notable = TimeSpan.FromSeconds(5);
        private static readonly TimeSpan _shownFor = TimeSpan.FromDays(1);

        public ValueTask<ComponentReport> Report(CancellationToken cancellationToken)
        {
            var since = clock.GetUtcNow() - _shownFor;
            var recent = watch.Known.Where(outage => outage.To >= since).ToList();
            return ValueTask.FromResult(new ComponentReport(
                Ready: true,
                [
                    .. recent.Where(outage => outage.Length >= _notable).Select(outage => string.Create(
                        CultureInfo.InvariantCulture,
                        $"It was not there from {outage.From:yyyy-MM-dd HH:mm:ss} to {outage.To:HH:mm:ss} UTC: links were dead, opens and clicks of that time were not counted.")),
                ],
                [new Figure("Seconds away in the last day", (long)recent.Sum(outage => outage.Length.TotalSeconds))]));
        }
    }
}
