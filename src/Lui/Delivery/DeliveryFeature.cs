// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tutti.Lui.Recipients;
using Tutti.Wiring.Configuration;

namespace Tutti.Lui.Delivery;

/// <summary>Jobs on their way to the distributors.</summary>
internal static class DeliveryFeature
{
    public static WebApplicationBuilder AddDelivery(this WebApplicationBuilder builder)
    {
        builder.AddSettings<DeliverySettings>();
        builder.Services.TryAddSingleton<RecipientStore>();
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
            .AddSingleton<Distribute>()
            .AddSingleton<WithdrawUnclaimed>()
            .AddSingleton<HandOver>()
            .AddSingleton<FinishDelivery>()
            .AddSingleton<AdvanceDeliveries>()
            .AddSingleton<SendTest>()
            .AddHostedService<DeliveryWorker>();
        return builder;
    }
}
