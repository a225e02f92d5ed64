// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Tutti.Dst.Smtp;

/// <summary>Opens conversations with receivers.</summary>
/// <param name="settings">Time-outs and encryption.</param>
/// <param name="heloName">Our own name.</param>
/// <param name="clock">Measures the time-outs.</param>
internal sealed class SmtpDialer(SmtpSettings settings, string heloName, TimeProvider clock)
{
    /// <summary>Tries the hosts and their addresses in order until one is ready for mail.</summary>
    /// <param name="hosts">At least one.</param>
    /// <param name="lifetime">When it ends, the connection is cut at once, whatever is under way: what has got its terminator is in doubt then.</param>
    /// <returns>The connection, or what the last host said or did; that is never Refused, because no recipient was named yet.</returns>
    public async Task<Dialled> Dial(IReadOnlyList<MailHost> hosts, CancellationToken lifetime)
    {
        var last = new Answer(Result.Deferred, Stage.Connecting, 0, "", "There is no host to connect to.");
        foreach (var host in hosts)
        {
            foreach (var address in host.Addresses)
            {
                if (lifetime.IsCancellationRequested)
                {
                    return new(null, last with { Text = "The distributor stopped." });
                }

                var dialled = await Dial(host, address, settings.StartTls, lifetime);
                if (dialled.Connection is not null)
                {
                    return dialled;
                }

                last = dialled.Failure!;
            }
        }

        return new(null, last);
    }

    private async Task<Dialled> Dial(MailHost host, IPAddress address, bool encrypt, CancellationToken lifetime)
    {
        var name = $"{host.Name} [{address}]";
        Wire? wire = null;
        var encrypting = false;
        try
        {
            wire = new Wire(await Connect(address, host.Port, lifetime), clock, lifetime);
            var code = await wire.Read(settings.SmtpCommandTimeout);
            if (code / 100 != 2)
            {
                return await Failed(wire, name, wire.Reply);
            }

            if (await Introduce(wire) is not { } extensions)
            {
                return await Failed(wire, name, wire.Reply);
            }

            if (encrypt && extensions.StartTls && await Ask(wire, "STARTTLS\r\n") == 220)
            {
                encrypting = true;
                await wire.Encrypt(host.Name, settings.SmtpCommandTimeout);
                encrypting = false;
                if (await Introduce(wire) is not { } encrypted)
                {
                    return await Failed(wire, name, wire.Reply);
                }

                extensions = encrypted;
            }

            return new(new SmtpConnection(wire, settings, name, extensions), null);
        }
        catch (WireException failure)
        {
            if (wire is not null)
            {
                await wire.DisposeAsync();
            }

            // Encryption is a kindness here: where it does not come about, mail travels as it did before.
            return encrypting && !lifetime.IsCancellationRequested
                ? await Dial(host, address, encrypt: false, lifetime)
                : new(null, new Answer(Result.Broken, Stage.Connecting, 0, "", $"{name}: {failure.Message}"));
        }
    }

    private async Task<Socket> Connect(IPAddress address, int port, CancellationToken lifetime)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = new CancellationTokenSource(settings.SmtpConnectTimeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, lifetime);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), both.Token);
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new WireException($"No connection: {failure.Message}", failure);
        }
        catch (OperationCanceledException failure)
        {
            socket.Dispose();
            throw new WireException(lifetime.IsCancellationRequested ? "The distributor stopped." : "No connection: it took too long.", failure);
        }
    }

    private async Task<Extensions?> Introduce(Wire wire)
    {
        var code = await Ask(wire, $"EHLO {heloName}\r\n");
        if (code / 100 == 2)
        {
            return Extensions.Read(wire.Reply.Lines);
        }

        // Servers older than RFC 1869 do not know EHLO.
        return code / 100 == 5 && await Ask(wire, $"HELO {heloName}\r\n") / 100 == 2 ? Extensions.None : null;
    }

    private async Task<int> Ask(Wire wire, string command)
    {
        wire.Put(command);
        await wire.Send(settings.SmtpBlockTimeout);
        return await wire.Read(settings.SmtpCommandTimeout);
    }

    private static async Task<Dialled> Failed(Wire wire, string name, ReplyReader reply)
    {
        // Even a 5xx greeting is about this host today, not about a recipient (RFC 5321 §3.1: try another host, or later).
        var answer = new Answer(Result.Deferred, Stage.Connecting, reply.Code, reply.EnhancedCode, $"{name}: {reply.Text}");
        await wire.DisposeAsync();
        return new(null, answer);
    }
}
