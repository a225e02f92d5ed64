// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Tutti.Wiring.Configuration;

/// <summary>How a slice declares its settings.</summary>
public static class SettingsRegistration
{
    /// <summary>
    /// Reads a slice's settings from the component's ini file and registers them as a singleton. Complaints are
    /// collected and shown with all others before anything starts; until then defaults stand in for what is wrong.
    /// </summary>
    /// <typeparam name="TSettings">A record whose properties carry descriptions, bounds and defaults.</typeparam>
    /// <param name="builder">The component's builder.</param>
    /// <param name="prefix">Put in front of every property name; may be empty.</param>
    public static TSettings AddSettings<TSettings>(this WebApplicationBuilder builder, string prefix = "")
        where TSettings : class, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        var settings = SourceOf(builder).Bind<TSettings>(prefix);
        builder.Services.AddSingleton(settings);
        return settings;
    }

    /// <summary>Checks a file of the component's own that is no ini file of settings; its complaints are shown with all others before anything starts.</summary>
    /// <param name="builder">The component's builder.</param>
    /// <param name="complaints">What is wrong with the file in the component's folder.</param>
    public static void AddCheck(this WebApplicationBuilder builder, Func<ComponentFolder, IEnumerable<Complaint>> complaints)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(complaints);
        var folder = builder.Services.Select(service => service.ImplementationInstance).OfType<ComponentFolder>().Last();
        SourceOf(builder).Add(complaints(folder));
    }

    internal static void SetSource(WebApplicationBuilder builder, SettingsSource source) =>
        ((IHostApplicationBuilder)builder).Properties[typeof(SettingsSource)] = source;

    private static SettingsSource SourceOf(WebApplicationBuilder builder) =>
        (SettingsSource)((IHostApplicationBuilder)builder).Properties[typeof(SettingsSource)];
}
