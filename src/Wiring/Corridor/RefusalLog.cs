// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Corridor;

/// <summary>
/// Every refused connection and call as one line in <c>logs/server.log</c>. The same from the same address is logged at
/// most once a minute, with how often it happened meanwhile, so that a stranger on the port cannot fill the disk.
/// </summary>
internal sealed partial class RefusalLog(ILogger logger, TimeProvider clock)
{
    private const int Remembered = 4096;
    private const int Shown = 20;
    private const int LongestName = 300;
    private static readonly TimeSpan _quiet = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Seen> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<LoggedRefusal> _last = new();

    /// <summary>How often each code was the reason since the start.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>The last refusals that were logged, the oldest first.</summary>
    public IReadOnlyList<LoggedRefusal> Last => [.. _last];

    /// <summary>A peer that dialled this server was turned away.</summary>
    public void Connection(Refusal refusal, int port, EndPoint? peer, IReadOnlyList<string> names)
    {
        var address = AddressOf(peer);
        Log(refusal, $"{address?.Address}:{port}", names, more => LogConnection(refusal.Code, port, address?.ToString() ?? "-", Joined(names), Clean(refusal.Message) + more));
    }

    /// <summary>A peer that may come in made a call that it may not make.</summary>
    public void IncomingCall(Refusal refusal, int port, EndPoint? peer, IReadOnlyList<string> names)
    {
        var address = AddressOf(peer);
        Log(refusal, $"{address?.Address}:{port}", names, more => LogIncomingCall(refusal.Code, port, address?.ToString() ?? "-", Joined(names), Clean(refusal.Message) + more), refusal.Message);
    }

    /// <summary>A call of this server was given up because of who answered.</summary>
    public void Call(Refusal refusal, string host, int port, EndPoint? peer, IReadOnlyList<string> names) => Log(
        refusal, $"{host}:{port}", names, more => LogCall(refusal.Code, Clean(host), port, AddressOf(peer)?.Address.ToString() ?? "-", Joined(names), Clean(refusal.Message) + more));

    private static IPEndPoint? AddressOf(EndPoint? peer) =>
        peer is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port) : peer as IPEndPoint;

    private static string Joined(IReadOnlyList<string> names) => names.Count == 0 ? "-" : Clean(string.Join(',', names));

    /// <summary>What comes from a certificate may hold line breaks: they would forge lines of the log.</summary>
    private static string Clean(string text)
    {
        var cut = text.Length <= LongestName * 2 ? text : text[..(LongestName * 2)] + "...";
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString())) : cut;
    }

    private void Log(Refusal refusal, string where, IReadOnlyList<string> names, Action<string> write, string what = "")
    {
        _counts.AddOrUpdate(refusal.Code, 1, static (_, count) => count + 1);
        var now = clock.GetUtcNow();
        if (_seen.Count >= Remembered)
        {
            foreach (var (old, seen) in _seen)
            {
                if (now - seen.LoggedAt >= _quiet)
                {
                    _seen.TryRemove(old, out _);
                }
            }
        }

        var key = $"{refusal.Code} {where} {Joined(names)} {what}";
        if (_seen.Count >= Remembered && !_seen.ContainsKey(key))
        {
            // Thousands of addresses within a minute: the counters go on, the log has seen enough.
            return;
        }

        var entry = _seen.GetOrAdd(key, static _ => new Seen());
        long more;
        lock (entry)
        {
            if (entry.LoggedAt != default && now - entry.LoggedAt < _quiet)
            {
                entry.Suppressed++;
                return;
            }

            more = entry.Suppressed;
            entry.Suppressed = 0;
            entry.LoggedAt = now;
        }

        _last.Enqueue(new LoggedRefusal(now, refusal.Code, where, Joined(names), Clean(refusal.Message)));
        while (_last.Count > Shown)
        {
            _last.TryDequeue(out _);
        }

        write(more == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({more} more like this since the last line)"));
    }

    private sealed class Seen
    {
        public DateTimeOffset LoggedAt { get; set; }

        public long Suppressed { get; set; }
    }

    [LoggerMessage(1200, LogLevel.Warning, "Connection refused [{Code}] port={Port} peer={Peer} names={Names}: {Reason}", EventName = "wiring.corridor.connection-refused")]
    private partial void LogConnection(string code, int port, string peer, string names, string reason);

    [LoggerMessage(1202, LogLevel.Warning, "Call refused [{Code}] port={Port} peer={Peer} names={Names}: {Reason}", EventName = "wiring.corridor.incoming-call-refused")]
    private partial void LogIncomingCall(string code, int port, string peer, string names, string reason);

    [LoggerMessage(1201, LogLevel.Warning, "Call refused [{Code}] to={Host}:{Port} ({Address}) names={Names}: {Reason}", EventName = "wiring.corridor.call-refused")]
    private partial void LogCall(string code, string host, int port, string address, string names, string reason);
}

/// <summary>A refusal that was logged.</summary>
internal sealed record LoggedRefusal(DateTimeOffset At, string Code, string Where, string Names, string Reason);
