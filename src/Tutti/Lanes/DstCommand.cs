// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Commands.Listserv;
using Tutti.Contracts.Dst.Control.V1;
using Tutti.Dst;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Lanes;

/// <summary><c>tutti dst lanes|presets|listserv</c>: how mail is paced for each receiving operator, and the LISTSERV beside the engine.</summary>
internal static class DstCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create() => new("dst", "How the distributor paces mail for each receiving operator, and the LISTSERV that it works with.") { Lanes(), Presets(), ListservCommand.Create() };

    private static Command Lanes()
    {
        var home = HomeOption.Create();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var most = new Option<int>("--most") { Description = "Most lanes. Default: 50.", HelpName = "N", DefaultValueFactory = _ => 50 };
        var command = new Command("lanes", "Shows the busiest lanes of a running distributor, those that pause first.") { home, json, most };
        command.SetAction((parsed, cancellationToken) => Run(
            HomeOption.Existing(parsed.GetRequiredValue(home)), parsed.GetValue(json), parsed.GetValue(most), parsed.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    private static Command Presets()
    {
        var rehearsal = new Option<bool>("--rehearsal") { Description = "Print rehearsal.ini instead: how the receivers of a dress rehearsal behave." };
        var command = new Command("presets", "Prints the lanes.ini that counts as long as the distributor's folder has none of its own.") { rehearsal };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(parsed.GetValue(rehearsal) ? Distributor.ShippedRehearsal : Distributor.ShippedLanes));
        return command;
    }

    private static Task<int> Run(HomeFolder home, bool json, int most, TextWriter output, CancellationToken cancellationToken) => RunningDistributor.Ask(
        home,
        async channel =>
        {
            var list = await new Contracts.Dst.Control.V1.Lanes.LanesClient(channel)
                .ListAsync(new ListLanesRequest { Limit = (uint)Math.Max(1, most) }, cancellationToken: cancellationToken);
            var lines = new LaneLines(list);
            await output.WriteLineAsync(json ? lines.ToJson() : lines.ToText(TimeProvider.System.GetUtcNow()));
            return ExitCode.Done;
        },
        cancellationToken);
}
