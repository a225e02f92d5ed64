// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Joining;

namespace Tutti.Commands.Cluster;

/// <summary><c>tutti cluster prepare</c>: a join code for a server that exists and is plain.</summary>
internal static class PrepareCommand
{
    public static Command Create()
    {
        var home = HomeOption.Create();
        var command = new Command("prepare", "Prints a code with which the hub prepares this plain server for a secured corridor.") { home };
        command.SetAction(parsed => Run(HomeOption.Existing(parsed.GetRequiredValue(home)), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(HomeFolder home, TextWriter output)
    {
        var server = ServerConfiguration.Read(home, Environment.GetEnvironmentVariables());
        if (server.Components.Contains("hub"))
        {
            throw new Complaint(ExitCode.Refused, "This server carries the hub. It gets its certificate with: tutti cluster init");
        }

        var files = new ClusterHome(home, Environment.GetEnvironmentVariables(), TimeProvider.System);
        if (files.IsSecured)
        {
            throw new Complaint(ExitCode.Refused, $"This server is secured already: {home.SslIni} is there. Nothing was changed.");
        }

        if (files.IsPrepared)
        {
            throw new Complaint(ExitCode.Refused, $"This server is prepared already. Nothing was changed. To prepare it anew, remove {ClusterHome.PreparedIn(home)} first.");
        }

        // One that was set up with --join and whose code is over still waits for its first start.
        var purpose = JoinTicket.Find(home)?.Purpose == JoinPurpose.New ? JoinPurpose.New : JoinPurpose.Prepare;
        JoinCodes.Print(home, server, purpose, output);
        return ExitCode.Done;
    }
}

/// <summary>Makes codes and tells people what to do with them.</summary>
internal static class JoinCodes
{
    /// <summary>Makes a code for a server and prints it.</summary>
    public static JoinTicket Print(HomeFolder home, ServerConfiguration server, JoinPurpose purpose, TextWriter output)
    {
        if (!HostNames.TryNormalize(server.Common.HostName, out _, out var problem))
        {
            throw new Complaint(
                ExitCode.Refused,
                $"HostName in conf/server.ini is '{server.Common.HostName}', which {problem}. Certificates are for host names: give this server one under which all others reach it.");
        }

        var ticket = JoinTicket.Create(home, server.Common.HostName, purpose, TimeProvider.System.GetUtcNow());
        var port = server.Of(server.Components[0]).InternalPort;
        var address = port == 1099 ? server.Common.HostName : FormattableString.Invariant($"{server.Common.HostName}:{port}");
        output.WriteLine($"Join code: {ticket.Code}");
        output.WriteLine(FormattableString.Invariant($"It is good once, until {ticket.Until:yyyy-MM-dd HH:mm} UTC. On the server that carries the hub: tutti hub servers add {address} --code CODE --home DIR"));
        return ticket;
    }
}
