// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Commands.Listserv;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst;
using Client = Tutti.Contracts.Dst.Control.V1.Lanes.LanesClient;

namespace Tutti.Commands.Lanes;

/// <summary><c>tutti dst lanes|pause|resume|sources|presets|listserv</c>: how mail is paced for each receiving operator, where it leaves from, and the LISTSERV beside the engine.</summary>
internal static class DstCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create() => new("dst", "How the distributor paces mail for each receiving operator, where it leaves from, and the LISTSERV that it works with.")
    {
        Lanes(), Pause(), Resume(), Sources(), Presets(), ListservCommand.Create(),
    };

    private static Command Lanes()
    {
        var json = Json();
        var most = new Option<int>("--most") { Description = "Most lanes. Default: 50.", HelpName = "N", DefaultValueFactory = _ => 50 };
        var command = new Command("lanes", "Shows the busiest lanes of a running distributor, those that pause first.") { json, most };
        return Asking(command, async (distributor, parsed, cancellationToken) =>
        {
            var lines = new LaneLines(await distributor.ListAsync(new ListLanesRequest { Limit = (uint)Math.Max(1, parsed.GetValue(most)) }, cancellationToken: cancellationToken));
            return parsed.GetValue(json) ? lines.ToJson() : lines.ToText(TimeProvider.System.GetUtcNow());
        });
    }

    private static Command Pause()
    {
        var lane = Lane();
        var command = new Command("pause", "Lets nothing go to an operator until it is resumed, whatever is restarted. Messages on the wire are finished.") { lane };
        return Asking(command, async (distributor, parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(lane);
            await distributor.HoldAsync(new HoldLaneRequest { Name = name, By = Environment.UserName }, cancellationToken: cancellationToken);
            return $"{name} is paused. Let it go on with: tutti dst resume {name}";
        });
    }

    private static Command Resume()
    {
        var lane = Lane();
        var command = new Command("resume", "Lets a lane go on that people paused, or that pauses by itself.") { lane };
        return Asking(command, async (distributor, parsed, cancellationToken) =>
        {
            await distributor.ReleaseAsync(new ReleaseLaneRequest { Name = parsed.GetRequiredValue(lane) }, cancellationToken: cancellationToken);
            return $"{parsed.GetRequiredValue(lane)} goes on.";
        });
    }

    private static Command Sources()
    {
        var json = Json();
        var command = new Command("sources", "Shows the addresses that mail leaves from, and what those that warm up have carried today.") { json };
        return Asking(command, async (distributor, parsed, cancellationToken) =>
        {
            var lines = new SourceLines(await distributor.ListSourcesAsync(new ListSourcesRequest(), cancellationToken: cancellationToken));
            return parsed.GetValue(json) ? lines.ToJson() : lines.ToText();
        });
    }

    private static Command Presets()
    {
        var rehearsal = new Option<bool>("--rehearsal") { Description = "Print rehearsal.ini instead: how the receivers of a dress rehearsal behave." };
        var command = new Command("presets", "Prints the lanes.ini that counts as long as the distributor's folder has none of its own.") { rehearsal };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(parsed.GetValue(rehearsal) ? Distributor.ShippedRehearsal : Distributor.ShippedLanes));
        return command;
    }

    private static Option<bool> Json() => new("--json") { Description = "Print one JSON object." };

    private static Argument<string> Lane() => new("lane") { Description = "Its name, as tutti dst lanes shows it." };

    private static Command Asking(Command command, Func<Client, ParseResult, CancellationToken, Task<string>> question)
    {
        var home = HomeOption.Create();
        command.Add(home);
        command.SetAction((parsed, cancellationToken) => RunningDistributor.Ask(
            HomeOption.Existing(parsed.GetRequiredValue(home)),
            async channel =>
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(await question(new Client(channel), parsed, cancellationToken));
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}
