// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.SourceAddresses;
using Tutti.Mail.Listserv;
using Tutti.Wiring.Outcomes;

namespace Tutti.Dst.Listserv;

/// <summary>
/// Has LISTSERV run commands over its TCPGUI port: one connection for each command. Nothing of a command or of a password gets into a log or a refusal.
/// </summary>
internal sealed class TcpguiClient(ListservSettings settings, TimeProvider clock)
{
    private const int LongestWords = 500;
    private const int WholeAnswer = 12;
    private readonly AddressRace _race = new(settings.ListservConnectTimeout, clock);

    private string Host => settings.Commands.Host;

    /// <summary>Runs a command in the name of the account; the lines of its answer.</summary>
    public async Task<Outcome<IReadOnlyList<string>>> Ask(string command, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        return await Run(settings.ListservUser, command, settings.PasswordToSend, lines.Add, cancellationToken) is { } refusal ? refusal : lines;
    }

    /// <summary>Runs a command whose answer may be long.</summary>
    /// <param name="command">One line.</param>
    /// <param name="line">Gets the lines of the answer as they come. What it got before a refusal is not the whole answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null if the answer is complete. A command that LISTSERV did not like is a complete answer too.</returns>
    public Task<Refusal?> Run(string command, Action<string> line, CancellationToken cancellationToken) =>
        Run(settings.ListservUser, command, settings.PasswordToSend, line, cancellationToken);

    private async Task<Refusal?> Run(string origin, string command, string password, Action<string> line, CancellationToken cancellationToken)
    {
        if (!settings.IsSetUp)
        {
            return ListservRefusals.NotSetUp();
        }

        if (!TcpguiRequest.TryCreate(origin, command, password, out var request, out var problem))
        {
            return ListservRefusals.NoCommand(problem);
        }

        var (socket, words) = await Connect(cancellationToken);
        if (socket is null)
        {
            return ListservRefusals.Unreachable($"{Host}:{settings.Commands.Port}", words);
        }

        using (socket)
        {
            return await Converse(socket, request, line, cancellationToken);
        }
    }

    private async Task<(Socket? Socket, string Words)> Connect(CancellationToken cancellationToken)
    {
        List<IPAddress> addresses;
        try
        {
            addresses = [.. await Dns.GetHostAddressesAsync(Host, cancellationToken)];
        }
        catch (SocketException failure)
        {
            return (null, $"{failure.Message}.");
        }

        var words = "it has no address.";
        while (addresses.Count > 0)
        {
            var reached = await _race.Run(addresses, settings.Commands.Port, new SourceChoice([]), cancellationToken);
            if (reached.Socket is not null)
            {
                return (reached.Socket, "");
            }

            cancellationToken.ThrowIfCancellationRequested();
            words = $"{reached.Words}.".Replace("..", ".", StringComparison.Ordinal);
        }

        return (null, words);
    }

    private async Task<Refusal?> Converse(Socket socket, TcpguiRequest request, Action<string> line, CancellationToken cancellationToken)
    {
        using var patience = new TcpguiPatience(clock, cancellationToken);
        var wire = new TcpguiWire(socket, patience);
        try
        {
            patience.Wait(settings.ListservConnectTimeout);
            await wire.Send(request.Opening);
            var greeting = await wire.ReadLine(TcpguiReply.LongestGreeting);
            if (!TcpguiReply.LetsCome(greeting))
            {
                return ListservRefusals.TurnedAway(Host, Words(ListservText.Decode(greeting)));
            }
        }
        catch (Exception failure) when (IsFailure(failure) && !cancellationToken.IsCancellationRequested)
        {
            return ListservRefusals.Unreachable($"{Host}:{settings.Commands.Port}", WordsOf(failure));
        }

        try
        {
            // From the first byte of the command on nobody here knows whether it runs, until its answer is there.
            patience.WaitAtMost(settings.ListservAnswerTimeout * WholeAnswer);
            patience.Wait(settings.ListservAnswerTimeout);
            await wire.Send(request.Command);
            return await Read(wire, line);
        }
        catch (Exception failure) when (IsFailure(failure) && !cancellationToken.IsCancellationRequested)
        {
            return ListservRefusals.Lost(Host, WordsOf(failure));
        }
    }

    private async Task<Refusal?> Read(TcpguiWire wire, Action<string> line)
    {
        var start = await wire.ReadExactly(sizeof(uint));
        var code = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(start);
        if (code != 0)
        {
            // Some servers send no more, others their reasons.
            return ListservRefusals.Failed(Host, code, await Reasons(wire));
        }

        var reply = TcpguiReply.Read([.. start, .. await wire.ReadExactly(sizeof(uint))]);
        if (reply.Length > settings.ListservAnswerSize)
        {
            return ListservRefusals.TooLong(Host, reply.Length, settings.ListservAnswerSize);
        }

        var text = new ListservText();
        await wire.ReadText(reply.Length, bytes => text.Take(bytes.Span, line));
        text.End(line);
        return null;
    }

    private static async Task<string> Reasons(TcpguiWire wire)
    {
        var (text, lines) = (new ListservText(), new List<string>());
        try
        {
            var length = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(await wire.ReadExactly(sizeof(uint)));
            await wire.ReadText(Math.Min(length, LongestWords), bytes => text.Take(bytes.Span, lines.Add));
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            // What came until here has to do.
        }

        text.End(lines.Add);
        return Words(string.Join(' ', lines));
    }

    private static string Words(string text)
    {
        var words = string.Concat(text.Trim().Select(letter => char.IsControl(letter) ? ' ' : letter));
        return words.Length == 0 ? "nothing" : words[..Math.Min(words.Length, LongestWords)];
    }

    private static bool IsFailure(Exception failure) => failure is SocketException or IOException or InvalidDataException or OperationCanceledException or ObjectDisposedException;

    private static string WordsOf(Exception failure) => failure switch
    {
        OperationCanceledException => "it took too long.",
        EndOfStreamException => "it closed the connection.",
        InvalidDataException => failure.Message,
        _ => $"{failure.Message.TrimEnd('.')}.",
    };
}
