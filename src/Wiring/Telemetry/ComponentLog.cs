// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Telemetry;

/// <summary>Log files: one per component in its own folder, one for the server; the same lines go to standard output.</summary>
public static class ComponentLog
{
    private const string Line = "{Timestamp:yyyy-MM-dd'T'HH:mm:ss.fffzzz} {Level:u3} {Part:l} {Event:l} {Message:lj}{NewLine}{Exception}";

    /// <summary>Where a name goes in front of the lines of standard output.</summary>
    private const string PartProperty = "Part";

    /// <summary>The log of the whole server: <c>logs/server.log</c> and standard output.</summary>
    public static ILoggerFactory ForServer(HomeFolder home)
    {
        ArgumentNullException.ThrowIfNull(home);
        return new SerilogLoggerFactory(Make("server", home.Logs), dispose: true);
    }

    internal static void AddComponentLog(this WebApplicationBuilder builder, ComponentFolder folder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSerilog(Make(folder.Name, folder.Logs), dispose: true);
    }

    private static Logger Make(string name, string folder) => new LoggerConfiguration()
        .MinimumLevel.Information()
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .MinimumLevel.Override("Grpc", LogEventLevel.Warning)
        .MinimumLevel.Override("System", LogEventLevel.Warning)

        // It warns at every start that cookie keys are not encrypted at rest; they lie in home, which is its owner's alone.
        .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
        .Enrich.WithProperty(PartProperty, name)
        .Enrich.With<EventNumber>()
        .WriteTo.Console(outputTemplate: Line, formatProvider: CultureInfo.InvariantCulture)
        .WriteTo.File(
            Path.Combine(folder, name + ".log"),
            outputTemplate: Line,
            formatProvider: CultureInfo.InvariantCulture,
            rollingInterval: RollingInterval.Infinite,
            fileSizeLimitBytes: 64 * 1024 * 1024,
            rollOnFileSizeLimit: true,
            retainedFileCountLimit: 20)
        .CreateLogger();

    /// <summary>Turns the structure that an event id arrives as into <c>1011 wiring.server.listening</c>.</summary>
    private sealed class EventNumber : ILogEventEnricher
    {
        public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
        {
            var text = "-";
            if (logEvent.Properties.GetValueOrDefault("EventId") is StructureValue id)
            {
                var parts = id.Properties.ToDictionary(part => part.Name, part => (part.Value as ScalarValue)?.Value);
                text = $"{parts.GetValueOrDefault("Id")} {parts.GetValueOrDefault("Name")}".TrimEnd();
            }

            logEvent.AddOrUpdateProperty(new LogEventProperty("Event", new ScalarValue(text)));
        }
    }
}
