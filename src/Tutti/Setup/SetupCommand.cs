// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Net;
using Tutti.Commands.Cluster;
using Tutti.Commands.Databases;
using Tutti.Commands.Run;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Joining;

namespace Tutti.Commands.Setup;

/// <summary><c>tutti setup</c>: makes an installation folder, or adds components to one.</summary>
internal static class SetupCommand
{
    // The order that people know from the manual.
    private static readonly string[] _order = ["lui", "hub", "trk", "dst"];
    private static readonly Option<string> _home = HomeOption.Create();
    private static readonly Option<string?> _components = new("--components") { Description = "What the server carries: lui,hub,trk,dst.", HelpName = "LIST" };
    private static readonly Option<string?> _add = new("--add") { Description = "Components for a stopped server that exists already; nothing that is there is touched.", HelpName = "LIST" };
    private static readonly Option<string?> _host = new("--host") { Description = "Name under which people and other servers reach this one. Default: this machine's name.", HelpName = "NAME" };
    private static readonly Option<string?> _hub = new("--hub") { Description = "Where the Administration Hub is, if this server gets lui and not hub.", HelpName = "HOST[:PORT]" };
    private static readonly Option<string?> _bind = new("--bind") { Description = "IP address to listen on.", HelpName = "ADDR" };
    private static readonly Option<int> _web = Port("--web-port", 8080, "People at work and REST.");
    private static readonly Option<int> _trackerWeb = Port("--tracker-web-port", 8081, "Recipients: opens, clicks, unsubscribes.");
    private static readonly Option<int> _internal = Port("--internal-port", 1099, "Components among themselves.");
    private static readonly Option<int> _tracker = Port("--tracker-port", 7000, "Links to the tracker and events from it.");
    private static readonly Option<int> _smtp = Port("--smtp-port", 2525, "Mail that comes back.");
    private static readonly Option<bool> _separate = new("--separate") { Description = "Give each component ports of its own, so that each can run in a process of its own." };
    private static readonly Option<string?> _passwordFile = new("--admin-password-file") { Description = "File whose first line becomes the administrator's password. Default: a fresh one is made and printed once.", HelpName = "FILE" };
    private static readonly Option<string> _database = new("--database") { Description = "Where the User Interface keeps the system database: sqlite or postgres. Default: sqlite.", DefaultValueFactory = _ => "sqlite" };
    private static readonly Option<string?> _databaseUrl = new("--database-url-file") { Description = "File whose first line is postgresql://USER:PASSWORD@HOST/NAME.", HelpName = "FILE" };
    private static readonly Option<bool> _shared = new("--shared-database") { Description = "The database is that of an installation whose User Interface this server joins." };
    private static readonly Option<bool> _join = new("--join") { Description = "Print a join code and wait until the hub lets the new server into its installation; then run it, secured." };
    private static readonly Option<bool> _noRun = new("--no-run") { Description = "With --join: end after printing the code. tutti run waits instead." };
    private static readonly Option<string[]> _set = new("--set") { Description = "An entry for an ini file: component.Key=Value. May be repeated.", HelpName = "ENTRY", DefaultValueFactory = _ => [] };

    /// <summary>The command with its options.</summary>
    public static Command Create()
    {
        var command = new Command("setup", "Makes an installation folder.")
        {
            _home, _components, _add, _host, _hub, _bind, _web, _trackerWeb, _internal, _tracker, _smtp, _separate, _passwordFile, _database, _databaseUrl, _shared, _join, _noRun, _set,
        };
        _database.AcceptOnlyFromAmong("sqlite", "postgres");
        command.SetAction((parsed, cancellationToken) => Run(parsed, cancellationToken));
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var home = new HomeFolder(parsed.GetRequiredValue(_home));
        var add = parsed.GetValue(_add);
        var wanted = parsed.GetValue(_components);
        if (add is not null && wanted is not null)
        {
            throw new Complaint(ExitCode.Usage, "Give either --components for a new server or --add for one that exists.");
        }

        var console = parsed.InvocationConfiguration;
        var components = (add ?? wanted) is { } list ? ReadComponents(list) : Choose(home, console);
        var hub = parsed.GetValue(_hub);
        if (add is null && hub is null && components.Contains("lui") && !components.Contains("hub") && IsTerminal)
        {
            hub = AskForHub(console);
        }

        var plan = new SetupPlan
        {
            Components = components,
            HostName = parsed.GetValue(_host) ?? (add is null ? await OwnName(components, console, cancellationToken) : Dns.GetHostName()),
            Bind = ReadAddress(parsed.GetValue(_bind)),
            WebPort = parsed.GetValue(_web),
            TrackerWebPort = parsed.GetValue(_trackerWeb),
            InternalPort = parsed.GetValue(_internal),
            TrackerPort = parsed.GetValue(_tracker),
            SmtpPort = parsed.GetValue(_smtp),
            Separate = parsed.GetValue(_separate),
            Hub = hub,
            DatabaseUrl = await ReadDatabase(parsed, components, cancellationToken),
            Assignments = [.. (parsed.GetValue(_set) ?? []).Select(Assignment.Parse)],
        };
        foreach (var assignment in plan.Assignments.Where(assignment => assignment.Owner != Assignment.Server && !plan.Components.Contains(assignment.Owner)))
        {
            throw new Complaint(ExitCode.Usage, $"--set {assignment.Owner}.{assignment.Key}: this server does not carry {assignment.Owner}.");
        }

        var isJoining = parsed.GetValue(_join);
        if (isJoining && (add is not null || components.Contains("hub")))
        {
            throw new Complaint(ExitCode.Usage, "--join is for a new server without the hub: the hub lets others in. Its own server gets its certificate with: tutti cluster init");
        }

        if (isJoining)
        {
            await new NewServer(home, plan, console).Write(null, cancellationToken);
            JoinCodes.Print(home, ServerConfiguration.Read(home, Environment.GetEnvironmentVariables()), JoinPurpose.New, console.Output);
            return parsed.GetValue(_noRun) ? ExitCode.Done : await RunCommand.Run(home, [], console.Error, withoutCertificate: ExitCode.Done);
        }

        return add is null
            ? await new NewServer(home, plan, console).Make(parsed.GetValue(_passwordFile), cancellationToken)
            : await new AddedComponents(home, plan, console).Add(parsed.GetValue(_passwordFile), cancellationToken);
    }

    private static async Task<string?> ReadDatabase(ParseResult parsed, List<string> components, CancellationToken cancellationToken)
    {
        if (parsed.GetRequiredValue(_database) == "sqlite")
        {
            return parsed.GetValue(_databaseUrl) is null ? null : throw new Complaint(ExitCode.Usage, "--database-url-file belongs to --database postgres.");
        }

        if (!components.Contains("lui"))
        {
            throw new Complaint(ExitCode.Usage, "--database is about the system database, which is the User Interface's: this server does not carry lui.");
        }

        var url = await PostgresTarget.Read(parsed.GetValue(_databaseUrl), cancellationToken);
        await PostgresTarget.Check(url, parsed.GetValue(_shared), unfinished: null, cancellationToken);
        return url;
    }

    private static bool IsTerminal => !Console.IsInputRedirected && !Console.IsOutputRedirected;

    private static List<string> Choose(HomeFolder home, InvocationConfiguration console)
    {
        if (!IsTerminal)
        {
            throw new Complaint(
                ExitCode.Usage, $"Name the components of the new server, such as --components lui,hub, or those to add with --add. There are {string.Join(", ", _order)}.");
        }

        // Before anybody ticks anything.
        HomeWriter.CheckFree(home);
        return new ComponentChecklist(() => Console.ReadKey(intercept: true), console.Output).Ask();
    }

    /// <summary>This machine's full name; where it has none, people are asked, because certificates and other servers go by it.</summary>
    private static async Task<string> OwnName(List<string> components, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        var name = await MachineName.Full(cancellationToken);
        if (IsTerminal)
        {
            await console.Output.WriteAsync($"Name under which people and other servers reach this one [{name}]: ");
            await console.Output.FlushAsync(cancellationToken);
            return Console.ReadLine()?.Trim() is { Length: > 0 } answer ? answer : name;
        }

        // One with everything may stay alone.
        return MachineName.IsFull(name) || components.Count == _order.Length
            ? name
            : throw new Complaint(
                ExitCode.Usage, $"This machine calls itself '{name}', under which other servers cannot reach it. Name this server: --host NAME, such as {components[0]}.example.com. Nothing was set up.");
    }

    private static string AskForHub(InvocationConfiguration console)
    {
        console.Output.Write("Where is the Administration Hub? HOST, or HOST:PORT if its internal port is not 1099: ");
        console.Output.Flush();
        return Console.ReadLine()?.Trim() is { Length: > 0 } answer
            ? answer
            : throw new Complaint(ExitCode.Usage, "The User Interface needs the hub's address. Nothing was set up; the hub itself need not run yet.");
    }

    private static List<string> ReadComponents(string list)
    {
        var names = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => _order.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name)
            .ToArray();
        if (names.FirstOrDefault(name => !HomeFolder.ComponentNames.Contains(name)) is { } unknown)
        {
            throw new Complaint(ExitCode.Usage, $"There is no component '{unknown}'. There are {string.Join(", ", HomeFolder.ComponentNames)}.");
        }

        if (names.Length == 0)
        {
            throw new Complaint(ExitCode.Usage, $"Name at least one component. There are {string.Join(", ", HomeFolder.ComponentNames)}.");
        }

        if (names.Length != names.Distinct().Count())
        {
            throw new Complaint(ExitCode.Usage, $"'{list}' names a component twice. There are {string.Join(", ", HomeFolder.ComponentNames)}.");
        }

        // The order on the command line does not matter.
        return [.. _order.Where(names.Contains)];
    }

    private static string? ReadAddress(string? text) => text is null || IPAddress.TryParse(text, out _)
        ? text
        : throw new Complaint(ExitCode.Usage, $"--bind {text}: write an IP address of this machine, such as 127.0.0.1.");

    private static Option<int> Port(string name, int standard, string purpose) => new(name)
    {
        Description = $"{purpose} Default: {standard}.",
        HelpName = "PORT",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= ushort.MaxValue)
            {
                return port;
            }

            result.AddError($"{name} {result.Tokens[0].Value}: a port is a number from 1 to 65535.");
            return standard;
        },
    };
}
