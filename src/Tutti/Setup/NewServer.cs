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
    /// <summary>Makes it and tells how to go on.</summary>
    public async Task<int> Make(string? passwordFile, CancellationToken cancellationToken)
    {
        var administrator = await Write(passwordFile, cancellationToken);
        await console.Output.WriteLineAsync($"{home.Path} is ready. Start it with: tutti run --home {home.Path}");
        if (administrator is { IsFresh: true })
        {
            await console.Output.WriteLineAsync($"Sign in as {administrator.Account} with the password {administrator.Password} - it is shown only now.");
        }

        if (plan.Components.Any(component => component is not "dst") && !plan.Assignments.Any(each => each.Owner == Assignment.Server && each.Key.StartsWith("HttpsKeystore", StringComparison.Ordinal)))
        {
            await console.Output.WriteLineAsync("Browsers reach it by HTTP so far; HTTPS for people: docs/admin/install.md, \"HTTPS for people\".");
        }

        if (plan.Components.Contains("lui") && plan.Components.Contains("trk"))
        {
            await console.Output.WriteLineAsync(
                "Advice: a tracker on a server of its own goes on collecting while the one with the User Interface is updated, and only it has to face the internet.");
        }

        return ExitCode.Done;
    }

    /// <summary>Makes it; whatever proves wrong leaves no half-made home behind.</summary>
    /// <returns>The first administrator, or null where HUB is not.</returns>
    /// <exception cref="Complaint">It cannot be made; the details were written to the console.</exception>
    public async Task<Administrator?> Write(string? passwordFile, CancellationToken cancellationToken)
    {
        var administrator = plan.Components.Contains("hub") ? Administrator.Of(passwordFile) : null;
        HomeWriter.Create(home, plan);
        var isWhole = false;
        try
        {
            if (await Complain(home, console.Error))
            {
                throw new Complaint(ExitCode.Usage, $"Nothing was set up in {home.Path}.");
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

        return administrator;
    }

    /// <summary>Shows what is wrong. What is merely missing is said too, but stops only the first start.</summary>
    /// <returns>True if an entry that was written is wrong.</returns>
    internal static async Task<bool> Complain(HomeFolder home, TextWriter error)
    {
        var complaints = await ConfigurationCheck.Run(home, KnownComponents.All, new Hashtable(), TimeProvider.System);
        foreach (var complaint in complaints)
        {
            await error.WriteLineAsync($"tutti: {(complaint.Line is null ? "before the first start: " : "")}{complaint}");
        }

        return complaints.Any(complaint => complaint.Line is not null);
    }
}
