// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Setup;

/// <summary>The text of a new <c>conf/server.ini</c>.</summary>
internal static class ServerIni
{
    /// <summary>The file for a plan; what the plan leaves open stands there as a comment.</summary>
    public static string Text(SetupPlan plan)
    {
        var text = new IniText()
            .Comment("This server. A change takes effect when the server is started again.\nKey.hub=... gives one component a value of its own.")
            .Blank()
            .Comment("What this server carries.")
            .Set("Components", string.Join(',', plan.Components))
            .Blank()
            .Comment("The name under which people and other servers reach this one.")
            .Set("HostName", plan.HostName)
            .Blank();

        if (plan.Hub is { } hub)
        {
            text.Comment("Where the Administration Hub is.").Set("Hub", hub).Blank();
        }

        if (plan.Bind is { } bind)
        {
            text.Comment("The address to listen on.").Set("Bind", bind).Blank();
        }

        text.Comment("The components among themselves; a firewall must keep everyone else away from it.").Set("InternalPort", plan.InternalPort);
        foreach (var (component, port) in plan.OwnInternalPorts)
        {
            text.Set($"InternalPort.{component}", port);
        }

        if (plan.Components.Contains("lui") || plan.Components.Contains("hub"))
        {
            text.Blank().Comment("People at work, and the REST interface.").Set("WebPort", plan.WebPort);
            if (plan.HubWebPort is { } hubWebPort)
            {
                text.Set("WebPort.hub", hubWebPort);
            }
        }

        if (plan.Components.Contains("trk"))
        {
            text.Blank().Comment("Recipients: open image, links, unsubscribing. The only port of the tracker that the internet has to reach.")
                .Set("TrackerWebPort", plan.TrackerWebPort)
                .Blank().Comment("The user interface brings links to the tracker and fetches events from it here.")
                .Set("TrackerPort", plan.TrackerPort);
        }

        if (plan.Components.Contains("dst"))
        {
            text.Blank().Comment("Mail that comes back: bounces and complaints.").Set("SmtpPort", plan.SmtpPort);
        }

        var own = plan.Assignments.Where(assignment => assignment.Owner == Assignment.Server).ToList();
        if (own.Count > 0)
        {
            text.Blank();
            own.ForEach(assignment => text.Set(assignment.Key, assignment.Value));
        }

        return text.ToString();
    }

    /// <summary>An existing file with further components in its list; every other line stays as it is.</summary>
    public static string WithComponents(string text, IReadOnlyList<string> added)
    {
        if (IniFile.Parse("server.ini", text).Find(nameof(ServerSettings.Components)) is not { } entry)
        {
            throw new Complaint(ExitCode.Configuration, "conf/server.ini has no line 'Components='. Write one, then add components.");
        }

        var lines = text.Split('\n').ToList();
        var last = entry.Line - 1;
        while (lines[last].TrimEnd('\r').EndsWith('\\'))
        {
            last++;
        }

        lines.RemoveRange(entry.Line - 1, last - entry.Line + 2);
        lines.Insert(entry.Line - 1, $"Components={string.Join(',', entry.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Concat(added))}");
        return string.Join('\n', lines);
    }
}
