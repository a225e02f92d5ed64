// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Commands.Setup;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Moving;

/// <summary><c>tutti move export|import|cancel</c>: components change their server.</summary>
internal static class MoveCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create() => new("move", "Brings components with all they keep from one server to another.") { Export(), Import(), Cancel() };

    private static Command Export()
    {
        var home = HomeOption.Create();
        var components = new Argument<string>("COMPONENTS") { Description = "What is to move: lui, hub, trk, dst, separated by commas." };
        var file = new Option<string>("--out") { Description = "The archive to write.", HelpName = "FILE", Required = true };
        var yes = Question.YesOption();
        var command = new Command("export", "Stops components, writes all they keep into an archive, and does not let them start here again.") { components, home, file, yes };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = HomeOption.Existing(parsed.GetRequiredValue(home));
            var names = Names(parsed.GetRequiredValue(components));
            if (names.Contains("trk"))
            {
                await Question.Ask(
                    parsed.GetValue(yes), "From the export to the start on the new server readers' links are dead, and opens and clicks of that time are lost.", "Export the tracker?", parsed.InvocationConfiguration);
            }

            return await new ComponentExport(folder, TimeProvider.System, parsed.InvocationConfiguration).Run(names, parsed.GetRequiredValue(file), cancellationToken);
        });
        return command;
    }

    private static Command Import()
    {
        var home = HomeOption.Create();
        var file = new Argument<string>("FILE") { Description = "What 'tutti move export' wrote." };
        var hub = new Option<string?>("--hub") { Description = "Where the Administration Hub is, if lui comes to a server without it.", HelpName = "HOST[:PORT]" };
        var host = new Option<string?>("--host") { Description = "Make a new server of this name in home; otherwise home is a stopped server.", HelpName = "NAME" };
        var set = new Option<string[]>("--set") { Description = "An entry for the new server's conf/server.ini: server.Key=Value. May be repeated.", HelpName = "ENTRY", DefaultValueFactory = _ => [] };
        var command = new Command("import", "Puts exported components into a new server, or into a stopped one that does not carry them.") { file, home, host, hub, set };
        command.SetAction((parsed, cancellationToken) =>
        {
            var archive = parsed.GetRequiredValue(file);
            var entries = (parsed.GetValue(set) ?? []).Select(Assignment.Parse).ToList();
            if (entries.Count > 0 && (parsed.GetValue(host) is null || entries.Exists(entry => entry.Owner != Assignment.Server)))
            {
                throw new Complaint(ExitCode.Usage, "--set server.Key=Value is for the conf/server.ini of a new server, which --host makes.");
            }

            return File.Exists(archive)
                ? new ComponentImport(new HomeFolder(parsed.GetRequiredValue(home)), TimeProvider.System, parsed.InvocationConfiguration)
                    .Run(archive, parsed.GetValue(host), parsed.GetValue(hub), entries, cancellationToken)
                : throw new Complaint(ExitCode.Refused, $"The file {archive} does not exist.");
        });
        return command;
    }

    private static Command Cancel()
    {
        var home = HomeOption.Create();
        var component = new Argument<string>("COMPONENT") { Description = "lui, hub, trk or dst." };
        var yes = Question.YesOption();
        var command = new Command("cancel", "Takes back an export whose archive was never imported.") { component, home, yes };
        command.SetAction((parsed, _) => ComponentExport.Cancel(
            HomeOption.Existing(parsed.GetRequiredValue(home)), Names(parsed.GetRequiredValue(component))[0], parsed.GetValue(yes), parsed.InvocationConfiguration));
        return command;
    }

    private static string[] Names(string list)
    {
        var names = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => name.ToLowerInvariant()).Distinct().ToArray();
        return names.Length > 0 && names.All(HomeFolder.ComponentNames.Contains)
            ? names
            : throw new Complaint(ExitCode.Usage, $"'{list}': there are {string.Join(", ", HomeFolder.ComponentNames)}, separated by commas.");
    }
}
