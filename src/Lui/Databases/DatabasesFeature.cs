// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Lui.Recipients.Queries;
using Tutti.Wiring.Configuration;

namespace Tutti.Lui.Databases;

/// <summary>The organisation's own databases: named by administrators, read for recipients, never written.</summary>
internal static class DatabasesFeature
{
    public static WebApplicationBuilder AddDatabases(this WebApplicationBuilder builder)
    {
        builder.AddSettings<DatabaseSettings>();
        builder.Services
            .AddSingleton<DatabaseConnectionStore>()
            .AddSingleton<ConnectionSecrets>()
            .AddSingleton<QueryReader>()
            .AddSingleton<SaveDatabase>()
            .AddSingleton<TakeQuery>();
        return builder;
    }
}
