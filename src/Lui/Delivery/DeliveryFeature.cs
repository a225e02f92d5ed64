// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Lui.Delivery.Batches;
using Tutti.Lui.Delivery.Releases;
using Tutti.Lui.Delivery.Starting;
using Tutti.Lui.Delivery.Zones;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Lui.Delivery;

/// <summary>Jobs on their way to the distributors.</summary>
internal static class DeliveryFeature
{
    public static WebApplicationBuilder AddDelivery(this WebApplicationBuilder builder)
    {
        builder.AddSettings<DeliverySettings>();
        builder.Services
            .AddSingleton<DeliveryStore>()
            .AddSingleton<BatchStore>()
            .AddSingleton<WaitStore>()
            .AddSingleton<SnapshotStore>()
            .AddSingleton<AddresseeReader>()
            .AddSingleton<MessageValuesSource>()
            .AddSingleton<PrepareDelivery>()
            .AddSingleton<StartDelivery>()
            .AddSingleton<ClaimBatch>()
            .AddSingleton<SilentShares>()
            .AddSingleton<Distribute>()
            .AddSingleton<WithdrawUnclaimed>()
            .AddSingleton<GiveUp>()
            .AddSingleton<HandOver>()
            .AddSingleton<FinishDelivery>()
            .AddSingleton<ReleaseRecipients>()
            .AddSingleton<ReadZones>()
            .AddSingleton<FirstDue>()
            .AddSingleton<AdvanceDeliveries>()
            .AddSingleton<SendTest>()
            .AddSingleton<ListTests>()
            .AddSingleton<IStatusSource, DeliveryStatus>()
            .AddSingleton<ReadProgress>()
            .AddHostedService<DeliveryWorker>();
        return builder;
    }
}
