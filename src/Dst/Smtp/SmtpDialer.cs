// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.Smtp.Encryption;
using Tutti.Dst.SourceAddresses;

namespace Tutti.Dst.Smtp;

/// <summary>Opens conversations with receivers.</summary>
/// <param name="settings">Time-outs and encryption.</param>
/// <param name="heloName">Our own name.</param>
/// <param name="clock">Measures the time-outs.</param>
/// <param name="roots">Authorities that count; without them those of the operating system.</param>
/// <param name="ledger">Counts sessions; may be left out.</param>
/// <param name="figures">Counts them for monitoring; may be left out.</param>
internal sealed class SmtpDialer(SmtpSettings settings, string heloName, TimeProvider clock, TlsRoots? roots = null, TlsLedger? ledger = null, SessionFigures? figures = null)
{
    // Hosts that offer CHUNKING and do not know it: something in between rewrites what they say.
    private readonly ConcurrentDictionary<string, bool> _chunkless = new(StringComparer.OrdinalIgnoreCase);
    private readonly AddressRace _race = new(settings.SmtpConnectTimeout, clock);
    private readonly SourceChoice _sources = new(SourcePools.Of(settings.Sources).All);

    /// <summary>Tries the hosts and their addresses in order until one is ready for mail. A host that does not meet its demand is passed over.</summary>
    /// <param name="hosts">At least one.</param>
    /// <param name="lifetime">When it ends, the connection is cut at once, whatever is under way: what has got its terminator is in doubt then.</param>
    /// <param name="sources">The addresses it may leave from; null: those of the settings.</param>
    /// <returns>The connection, or what the last host said or did; that is never Refused, because no recipient was named yet.</returns>
    public async Task<Dialled> Dial(IReadOnlyList<MailHost> hosts, CancellationToken lifetime, SourceChoice? sources = null)
    {
        sources ??= _sources;
        var last = new Answer(Result.Deferred, Stage.Connecting, 0, "", "There is no host to connect to.");
        foreach (var host in hosts)
        {
            if (host.Tls is { IsMandatory: true, Misfit: { } misfit })
            {
                ledger?.Count(host.Tls, host.Name, misfit);
                last = Unmet(host, host.Name, misfit == TlsFailure.DnssecInvalid ? "its TLSA records could not be looked up" : "the policy does not name this host");
                continue;
            }

            var addresses = host.Addresses.Where(sources.Reaches).ToList();
            if (addresses.Count == 0)
            {
                last = last with { Text = $"{host.Name}: no source address is of the kind that this host has." };
            }

            while (addresses.Count > 0)
            {
                if (lifetime.IsCancellationRequested)
                {
                    return new(null, last with { Text = "The distributor stopped." });
                }

                var dialled = await Dial(host, addresses, sources, lifetime);
                if (dialled.Connection is not null)
                {
                    return dialled;
                }

                last = dialled.Failure!;
            }
        }

        return new(null, last);
    }

    private async Task<Dialled> Dial(MailHost host, List<IPAddress> addresses, SourceChoice sources, CancellationToken lifetime)
    {
        var reached = await _race.Run(addresses, host.Port, sources, lifetime);
        var attempt = new Attempt(host, $"{host.Name} [{reached.Address}]") { Encrypts = (settings.StartTls && !host.IsCapture) || host.Tls.IsMandatory };
        var dialled = await Converse(attempt, reached, lifetime);
        if (dialled.Connection is null && attempt.IsBrokenByTls && !host.Tls.IsMandatory && !lifetime.IsCancellationRequested)
        {
            // Encryption is a kindness here: where it does not come about, mail travels as it did before.
            Count(attempt);
            attempt = new Attempt(host, attempt.Name);
            return await Converse(attempt, await _race.Run([reached.Address], host.Port, sources, lifetime), lifetime);
        }

        if (dialled.Connection is not null || (attempt.IsBrokenByTls && !lifetime.IsCancellationRequested))
        {
            Count(attempt);
        }

        return dialled;
    }

    private void Count(Attempt attempt)
    {
        if (attempt.Encrypts)
        {
            ledger?.Count(attempt.Host.Tls, attempt.Host.Name, attempt.Host.Tls.Misfit ?? attempt.Failure);
        }
    }

    private async Task<Dialled> Converse(Attempt attempt, Reached reached, CancellationToken lifetime)
    {
        if (reached.Socket is null)
        {
            return new(null, new Answer(Result.Broken, Stage.Connecting, 0, "", $"{attempt.Name}: {reached.Words}"));
        }

        (attempt.HeloName, attempt.Source) = (reached.Source?.HeloName ?? heloName, reached.Source);
        var wire = new Wire(reached.Socket, clock, lifetime);
        try
        {
            if (await wire.Read(settings.SmtpCommandTimeout) / 100 != 2 || await Introduce(wire, attempt) is not { } extensions)
            {
                return await Failed(wire, attempt);
            }

            if (attempt.Encrypts)
            {
                var encrypted = await Encrypt(wire, attempt, extensions);
                if (encrypted is null && attempt.Failure is null)
                {
                    return await Failed(wire, attempt);
                }

                if (encrypted is null && attempt.Host.Tls.IsMandatory)
                {
                    attempt.IsBrokenByTls = true;
                    await wire.DisposeAsync();
                    return new(null, Unmet(attempt.Host, attempt.Name, "it does not encrypt"));
                }

                extensions = encrypted ?? extensions;
            }

            return attempt.Host.Login is not { } login || await LogIn(wire, login, extensions) is not { } refusal
                ? new(Ready(wire, attempt, extensions), null)
                : await Failed(wire, attempt, refusal);
        }
        catch (WireException failure)
        {
            await wire.DisposeAsync();
            return attempt is { IsBrokenByTls: true, Host.Tls.IsMandatory: true }
                ? new(null, Unmet(attempt.Host, attempt.Name, $"{attempt.Failure!.Value.Word()}: {failure.Message}"))
                : new(null, new Answer(Result.Broken, Stage.Connecting, 0, "", $"{attempt.Name}: {failure.Message}"));
        }
    }

    private SmtpConnection Ready(Wire wire, Attempt attempt, Extensions extensions)
    {
        figures?.Count(wire.IsEncrypted);
        var host = attempt.Host.Name;
        var usable = extensions with { Chunking = extensions.Chunking && settings.SmtpChunking && !_chunkless.ContainsKey(host) };
        return new SmtpConnection(wire, settings, attempt.Name, usable) { Peer = attempt.Host, Source = attempt.Source, ChunksFailed = () => _chunkless.TryAdd(host, true) };
    }

    /// <returns>What it offers then. Null: it does not encrypt (and the attempt says so), or it has refused what follows.</returns>
    private async Task<Extensions?> Encrypt(Wire wire, Attempt attempt, Extensions extensions)
    {
        if (!extensions.StartTls || await Ask(wire, "STARTTLS\r\n") != 220)
        {
            attempt.Failure = TlsFailure.StartTlsNotSupported;
            return null;
        }

        var handshake = new Handshake(attempt.Host.Name, attempt.Host.Tls, roots ?? TlsRoots.OfSystem);
        try
        {
            await wire.Encrypt(handshake, settings.SmtpCommandTimeout);
        }
        catch (WireException)
        {
            (attempt.IsBrokenByTls, attempt.Failure) = (true, handshake.Failure ?? TlsFailure.ValidationFailure);
            throw;
        }

        var encrypted = await Introduce(wire, attempt);
        attempt.Failure = encrypted is null ? null : handshake.Failure;
        return encrypted;
    }

    /// <returns>Null if the host knows us now.</returns>
    private async Task<string?> LogIn(Wire wire, MailLogin login, Extensions extensions)
    {
        if (!wire.IsEncrypted)
        {
            return "A password does not travel in the clear.";
        }

        if (extensions.Mechanisms.Contains("PLAIN"))
        {
            return await Ask(wire, $"AUTH PLAIN {login.Plain}\r\n") == 235 ? null : wire.Reply.Text;
        }

        if (!extensions.Mechanisms.Contains("LOGIN"))
        {
            return "It offers neither AUTH PLAIN nor AUTH LOGIN.";
        }

        var code = await Ask(wire, "AUTH LOGIN\r\n");
        foreach (var answer in login.Login)
        {
            code = code == 334 ? await Ask(wire, answer + "\r\n") : code;
        }

        return code == 235 ? null : wire.Reply.Text;
    }

    private async Task<Extensions?> Introduce(Wire wire, Attempt attempt)
    {
        var code = await Ask(wire, $"EHLO {attempt.HeloName}\r\n");
        if (code / 100 == 2)
        {
            return Extensions.Read(wire.Reply.Lines);
        }

        // Servers older than RFC 1869 do not know EHLO.
        return code / 100 == 5 && await Ask(wire, $"HELO {attempt.HeloName}\r\n") / 100 == 2 ? Extensions.None : null;
    }

    private async Task<int> Ask(Wire wire, string command)
    {
        wire.Put(command);
        await wire.Send(settings.SmtpBlockTimeout);
        return await wire.Read(settings.SmtpCommandTimeout);
    }

    private static async Task<Dialled> Failed(Wire wire, Attempt attempt, string? words = null)
    {
        // Even a 5xx greeting is about this host today, not about a recipient (RFC 5321 §3.1: try another host, or later).
        var answer = new Answer(Result.Deferred, Stage.Connecting, wire.Reply.Code, wire.Reply.EnhancedCode, $"{attempt.Name}: {words ?? wire.Reply.Text}");
        await wire.DisposeAsync();
        return new(null, answer);
    }

    private Answer Unmet(MailHost host, string name, string words)
    {
        figures?.CountUnmet(host.Tls.Kind);
        var who = host.Tls.Kind switch
        {
            TlsPolicyKind.Sts => $"The MTA-STS policy of {host.Tls.Domain} is not met",
            TlsPolicyKind.Tlsa => $"DANE demands encryption for {host.Tls.Domain}",
            TlsPolicyKind.None => "Encryption is required",
        };
        return new(Result.Deferred, Stage.Connecting, 0, "4.7.5", $"{name}: {who}: {words}") { IsUnmetPolicy = true };
    }

    /// <summary>One connection to one address.</summary>
    private sealed class Attempt(MailHost host, string name)
    {
        public MailHost Host { get; } = host;

        /// <summary>For people: "mx.example [192.0.2.1]".</summary>
        public string Name { get; } = name;

        /// <summary>Our own name on this connection.</summary>
        public string HeloName { get; set; } = "";

        /// <summary>Where it leaves from; null if the operating system chose.</summary>
        public Source? Source { get; set; }

        /// <summary>Whether encryption is tried.</summary>
        public bool Encrypts { get; init; }

        /// <summary>What was wrong with it.</summary>
        public TlsFailure? Failure { get; set; }

        /// <summary>Whether the connection was lost to it.</summary>
        public bool IsBrokenByTls { get; set; }
    }
}
