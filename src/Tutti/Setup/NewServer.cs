// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.CommandLine;
using Tutti.Commands.Run;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Commands.Setup;

/// <summary>Makes a server: writes its home, checks it as a start would, and makes the first administrator.</summary>
internal sealed class NewServer(HomeFolder home, SetupPlan plan, InvocationConfiguration console)
{
    /// <summary>Makes it; whatever proves wrong leaves no half-made home behind.</summary>
    public async Task<int> Make(string? passwordFile, CancellationToken cancellationToken)
    {
        var administrator = plan.Components.Contains("hub") ? Administrator.Of(passwordFile) : null;
        HomeWriter.Create(home, plan);
        var isWhole = false;
        try
        {
            if (await Complain(home, console.Error))
            {
                return ExitCode.Usage;
            }

            if (administrator is not null)
            {
                await administrator.Create(home, TimeProvider.System, cancellationToken);
            }

            isWhole = true;
        }
        finally
        {
            if (!isWhole)
            {
                HomeWriter.Remove(home);
            }
        }

        await console.Output.WriteLineAsync($"{home.Path} is ready. Start it with: tutti run --home {home.Path}");
        if (administrator is { IsFresh: true })
        {
            await console.Output.WriteLineAsync($"Sign in as {administrator.Account} with the password {administrator.Password} - it is shown only now.");
        }

        return ExitCode.Done;
    }

    /// <summary>Shows what is wrong with entries that were written; what is merely missing is a matter for the first start.</summary>
    internal static async Task<bool> Complain(HomeFolder home, TextWriter error)
    {
        var complaints = await ConfigurationCheck.Run(home, KnownComponents.All, new Hashtable(), TimeProvider.System);
        var given = complaints.Where(complaint => complaint.Line is not null).ToList();
        foreach (var complaint in given)
        {
            await error.WriteLineAsync($"tutti: {complaint}");
        }

        return given.Count > 0;
    }
}
