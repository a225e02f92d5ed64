// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Capture;

/// <summary>The capture mailbox.</summary>
internal static class CaptureFeature
{
    /// <summary>
    /// Registers the capture mailbox; it runs only where the delivery mode is capture. Must come before what sends: components stop in reverse order,
    /// and the last messages need someone to answer them.
    /// </summary>
    public static WebApplicationBuilder AddCapture(this WebApplicationBuilder builder)
    {
        builder.AddSettings<CaptureSettings>();
        builder.Services.AddSingleton<CaptureAddress>();
        builder.Services.AddSingleton(services => new CaptureMailbox(services.GetRequiredService<ComponentFolder>().Data));
        builder.Services.AddSingleton(services => new CaptureStore(services.GetRequiredService<ComponentFolder>().Data, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<CaptureDelivery>();
        builder.Services.AddHostedService<CaptureWorker>();
        return builder;
    }
}
