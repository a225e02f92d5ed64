// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Joining;

namespace Tutti.Commands.Run;

/// <summary><c>tutti run</c>: runs the components of a server in this process until a signal ends it.</summary>
internal static class RunCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create()
    {
        var home = HomeOption.Create();
        var only = new Option<string>("--only")
        {
            Description = "Run these components only, separated by commas; otherwise all that conf/server.ini lists.",
            HelpName = "COMPONENTS",
        };
        var command = new Command("run", "Run a server.") { home, only };
        command.SetAction(parsed => Run(HomeOption.Existing(parsed.GetValue(home)!), Names(parsed.GetValue(only)), parsed.InvocationConfiguration.Error));
        return command;
    }

    private static string[] Names(string? only) => only?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Runs a server to its end.</summary>
    /// <param name="home">The installation folder.</param>
    /// <param name="only">The components; empty for all.</param>
    /// <param name="error">Where complaints go.</param>
    /// <param name="withoutCertificate">The exit code for a server that was let in and has to get its certificate from an authority outside before it can run.</param>
    public static async Task<int> Run(HomeFolder home, string[] only, TextWriter error, int withoutCertificate = ExitCode.Configuration)
    {
        if (only.FirstOrDefault(name => !HomeFolder.ComponentNames.Contains(name)) is { } unknown)
        {
            throw new Complaint(ExitCode.Usage, $"'{unknown}' is not a component. There are lui, hub, trk and dst.");
        }

        var carried = ServerConfiguration.Read(home, Environment.GetEnvironmentVariables()).Components;
        if (only.FirstOrDefault(name => !carried.Contains(name)) is { } stranger)
        {
            throw new Complaint(ExitCode.Usage, $"{stranger} is not a component of this server. conf/server.ini lists: {string.Join(", ", carried)}.");
        }

        using var signals = new StopSignals();
        try
        {
            await using var notices = new SystemdNotices(TimeProvider.System);
            if (!await WaitToJoin(home, notices, signals.First))
            {
                await error.WriteLineAsync(
                    $"tutti: the hub gave this server the trusted roots and the list of servers. What it lacks is a certificate of your authority: tutti cert create --home {home.Path}, tutti cert request --home {home.Path} --out FILE, "
                    + $"have that signed, tutti cert install --home {home.Path} FILE...; then start it: tutti run --home {home.Path}");
                return withoutCertificate;
            }

            await using var process = await ServerProcess.Start(
                home, KnownComponents.All, only, Environment.GetEnvironmentVariables(), TimeProvider.System, signals.First);
            notices.Ready(home.Path);
            await signals.WaitForFirst();
            notices.Stopping();

            // A second signal means now: what is on the wire then stays in doubt.
            await process.Stop(signals.Second);
            return ExitCode.Done;
        }
        catch (ConfigurationException e)
        {
            foreach (var complaint in e.Complaints)
            {
                await error.WriteLineAsync($"tutti: {complaint}");
            }

            return ExitCode.Configuration;
        }
        catch (ServerStartException e)
        {
            throw new Complaint(ExitCode.Configuration, e.Message);
        }
        catch (OperationCanceledException) when (signals.First.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
    }

    /// <summary>A server that was set up to join runs nothing before the hub has let it in.</summary>
    /// <returns>False if its certificate has yet to come from an authority outside.</returns>
    private static async Task<bool> WaitToJoin(HomeFolder home, SystemdNotices notices, CancellationToken cancellationToken)
    {
        var environment = Environment.GetEnvironmentVariables();
        if (WaitForJoin.Of(home, environment, TimeProvider.System) is null)
        {
            return true;
        }

        notices.Waiting();
        if (!await WaitForJoin.Run(home, environment, TimeProvider.System, cancellationToken))
        {
            throw new Complaint(ExitCode.Configuration, $"This server waits to be let into an installation, and its code is over: it is too old, or was guessed at too often. Make a new one: tutti cluster prepare --home {home.Path}");
        }

        return new ClusterHome(home, environment, TimeProvider.System).Certificate is not null;
    }
}
