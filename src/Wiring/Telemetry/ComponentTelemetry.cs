// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Tutti.Wiring.Telemetry;

/// <summary>OpenTelemetry of a component; nothing is collected unless an OTLP endpoint is configured in the usual environment variables.</summary>
internal static class ComponentTelemetry
{
    private static readonly string? _endpoint = Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT");

    public static void AddComponentTelemetry(this WebApplicationBuilder builder, string component)
    {
        if (string.IsNullOrEmpty(_endpoint))
        {
            return;
        }

        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("tutti-" + component))
            .WithMetrics(metrics => metrics.AddMeter("Tutti.*").AddAspNetCoreInstrumentation())
            .WithTracing(traces => traces.AddSource("Tutti.*").AddAspNetCoreInstrumentation())
            .UseOtlpExporter();
    }
}
