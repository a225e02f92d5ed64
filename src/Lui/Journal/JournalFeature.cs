// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Tutti.Lui.Journal;

/// <summary>Who did what, notes, and until when something has to be decided.</summary>
internal static class JournalFeature
{
    public static WebApplicationBuilder AddJournal(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton<JournalStore>()
            .AddSingleton<AddNote>()
            .AddSingleton<SetDueDate>();
        return builder;
    }
}
