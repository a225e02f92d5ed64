// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;

namespace Tutti.Dst.Deliveries;

/// <summary>Hand-overs from LUI.</summary>
internal static class DeliveriesFeature
{
    /// <summary>Opens the door.</summary>
    public static WebApplication MapDeliveries(this WebApplication app)
    {
        app.MapGrpcService<DeliveriesService>();
        return app;
    }
}
