// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Grpc.Core;
using Tutti.Commands.Lanes;
using Tutti.Contracts.Dst.V1;

namespace Tutti.Commands.Listserv;

/// <summary><c>tutti dst listserv</c>: asks the LISTSERV that a running distributor works with.</summary>
internal static class ListservCommand
{
    private delegate Task<int> Ask(Contracts.Dst.V1.Listserv.ListservClient client, ParseResult parsed, TextWriter output, CancellationToken cancellationToken);

    private static readonly Argument<string> _list = new("LIST") { Description = "Name of a list." };
    private static readonly Argument<FileInfo> _file = new("FILE") { Description = "The whole header, each line with its asterisk, in ASCII." };
    private static readonly Argument<string> _address = new("ADDRESS") { Description = "E-mail address." };
    private static readonly Argument<string> _name = new("NAME") { Description = "Full name, in quotes.", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "" };

    /// <summary>The command for the tree.</summary>
    public static Command Create() => new("listserv", "Asks the LISTSERV that a running distributor works with (Listserv in dst/distributor.ini).")
    {
        One("check", "Whether it answers, what it says of itself, and which lists the account owns.", Check),
        One("lists", "Prints the names of the lists that the account owns.", Lists),
        One("review", "Prints everybody who is subscribed to a list: address, name and options, with tabs between them.", Review, _list),
        One("header", "Prints the header of a list.", Header, _list),
        One("put-header", "Stores the header of a list from a file, and reads it again.", PutHeader, _list, _file),
        One("add", "Subscribes an address without mail to it.", Add, _list, _address, _name),
        One("delete", "Takes an address off a list without mail to it.", Delete, _list, _address),
    };

    private static Command One(string name, string description, Ask ask, params Argument[] arguments)
    {
        var home = HomeOption.Create();
        var command = new Command(name, description) { home };
        foreach (var argument in arguments)
        {
            command.Add(argument);
        }

        command.SetAction((parsed, cancellationToken) => RunningDistributor.Ask(
            HomeOption.Existing(parsed.GetRequiredValue(home)),
            channel => ask(new Contracts.Dst.V1.Listserv.ListservClient(channel), parsed, parsed.InvocationConfiguration.Output, cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task<int> Check(Contracts.Dst.V1.Listserv.ListservClient client, ParseResult parsed, TextWriter output, CancellationToken cancellationToken)
    {
        var report = await Reachable(client, cancellationToken);
        foreach (var line in report.Version)
        {
            await output.WriteLineAsync(line);
        }

        var connection = report.Connection;
        await output.WriteLineAsync($"LISTSERV at {connection.Domain} answers in the name of {connection.Account}.");
        await output.WriteLineAsync(report.Lists.Count > 0 ? $"Lists of this account: {string.Join(", ", report.Lists)}" : $"No list of this account. LISTSERV said: {report.Words}");
        await output.WriteLineAsync(connection.BounceList.Length > 0 ? $"Bounces are looked for in the change log of {connection.BounceList}." : "No list is named whose change log tells bounces (ListservBounceList).");
        if (connection.Captures)
        {
            await output.WriteLineAsync("Mode=capture: mail stays in the capture mailbox, nothing is handed to LISTSERV.");
        }

        return ExitCode.Done;
    }

    private static async Task<int> Lists(Contracts.Dst.V1.Listserv.ListservClient client, ParseResult parsed, TextWriter output, CancellationToken cancellationToken)
    {
        var report = await Reachable(client, cancellationToken);
        if (report.Lists.Count == 0)
        {
            throw new Complaint(ExitCode.Refused, $"LISTSERV named no list. It said: {report.Words}");
        }

        foreach (var list in report.Lists)
        {
            await output.WriteLineAsync(list);
        }

        return ExitCode.Done;
    }

    private static async Task<int> Review(Contracts.Dst.V1.Listserv.ListservClient client, ParseResult parsed, TextWriter output, CancellationToken cancellationToken)
    {
        using var call = client.Review(new ListRequest { List = parsed.GetRequiredValue(_list) }, cancellationToken: cancellationToken);
        var words = "";
        await foreach (var page in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            words = page.Words;
            foreach (var one in page.Subscribers)
            {
                await output.WriteLineAsync($"{one.Address}\t{one.Name.Replace('\t', ' ')}\t{string.Join(' ', one.Options)}");
            }
        }

        return words.Length == 0 ? ExitCode.Done : throw new Complaint(ExitCode.Refused, $"LISTSERV named no subscriber. It said: {words}");
    }

    private static async Task<int> Header(Contracts.Dst.V1.Listserv.ListservClient client, ParseResult parsed, TextWriter output, CancellationToken cancellationToken)
    {
        var header = await client.GetHeaderAsync(new ListRequest { List = parsed.GetRequiredValue(_list) }, cancellationToken: cancellationToken);
        foreach (var line in header.Lines)
        {
            await output.WriteLineAsync(line);
        }

        return header.Lines.Count > 0 ? ExitCode.Done : throw new Complaint(ExitCode.Refused, $"LISTSERV gave no header. It said: {header.Words}");
    }

    private static async Task<int> PutHeader(Contracts.Dst.V1.Listserv.ListservClient client, ParseResult parsed, TextWriter output, CancellationToken cancellationToken)
    {
        var (list, file) = (parsed.GetRequiredValue(_list), parsed.GetRequiredValue(_file));
        if (!file.Exists)
        {
            throw new Complaint(ExitCode.Refused, $"{file.FullName} is not there.");
        }

        string[] lines = [.. (await File.ReadAllLinesAsync(file.FullName, cancellationToken)).Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
        var stored = await client.PutHeaderAsync(new PutHeaderRequest { List = list, Lines = { lines } }, cancellationToken: cancellationToken);
        return await Tell(stored.Lines.SequenceEqual(lines), $"The header of {list} is stored.", $"The header of {list} is another one now than in the file.", stored.Words, output);
    }

    private static async Task<int> Add(Contracts.Dst.V1.Listserv.ListservClient client, ParseResult parsed, TextWriter output, CancellationToken cancellationToken)
    {
        var (list, address) = (parsed.GetRequiredValue(_list), parsed.GetRequiredValue(_address));
        var reply = await client.AddAsync(new SubscriberRequest { List = list, Address = address, Name = parsed.GetValue(_name) ?? "" }, cancellationToken: cancellationToken);
        return await Tell(reply.Subscribed, $"{address} is subscribed to {list}.", $"{address} is not subscribed to {list}.", reply.Words, output);
    }

    private static async Task<int> Delete(Contracts.Dst.V1.Listserv.ListservClient client, ParseResult parsed, TextWriter output, CancellationToken cancellationToken)
    {
        var (list, address) = (parsed.GetRequiredValue(_list), parsed.GetRequiredValue(_address));
        var reply = await client.DeleteAsync(new SubscriberRequest { List = list, Address = address }, cancellationToken: cancellationToken);
        return await Tell(!reply.Subscribed, $"{address} is not on {list}.", $"{address} is still on {list}.", reply.Words, output);
    }

    private static async Task<int> Tell(bool done, string good, string bad, string words, TextWriter output)
    {
        if (!done)
        {
            throw new Complaint(ExitCode.Refused, $"{bad} LISTSERV said: {words}");
        }

        await output.WriteLineAsync(words.Length > 0 ? $"{good} LISTSERV said: {words}" : good);
        return ExitCode.Done;
    }

    private static async Task<ListservReport> Reachable(Contracts.Dst.V1.Listserv.ListservClient client, CancellationToken cancellationToken)
    {
        var report = await client.CheckAsync(new ConnectionRequest(), cancellationToken: cancellationToken);
        return report.Problem.Length == 0 ? report : throw new Complaint(report.Connection.SetUp ? ExitCode.Unavailable : ExitCode.Refused, report.Problem);
    }
}
