// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tutti.TrackerLoad;

/// <summary>
/// Sends requests at a fixed rate whether or not earlier ones were answered, as readers do. Latency counts from the moment a
/// request was due, so that a server that stands still is charged for everybody who would have come meanwhile.
/// </summary>
internal sealed class OpenLoop : IDisposable
{
    private const int MaxConnections = 1_024;
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(2);

    private readonly int _rate;
    private readonly int _uncounted;
    private readonly byte[] _request;
    private readonly long[] _latencies;
    private readonly Connection[] _connections;
    private readonly Stack<Connection> _idle;
    private readonly Epoll _epoll = new();
    private int _answered;

    public OpenLoop(Uri url, int rate, TimeSpan duration)
    {
        _rate = rate;
        _uncounted = (int)(rate * _warmUp.TotalSeconds);
        _latencies = new long[_uncounted + (int)(rate * duration.TotalSeconds)];
        _request = Encoding.ASCII.GetBytes(
            $"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nUser-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148\r\n\r\n");
        _connections = [.. Enumerable.Range(0, MaxConnections).Select(_ => new Connection(new IPEndPoint(IPAddress.Loopback, url.Port)))];
        _idle = new Stack<Connection>(_connections);
        for (var i = 0; i < _connections.Length; i++)
        {
            _epoll.Watch(_connections[i].Socket, i);
        }
    }

    /// <summary>
    /// Requests answered, then median, 99th percentile and longest latency in milliseconds. The first two seconds do not count in
    /// the latencies: both programs are compiling then, and a thousand connections come at once.
    /// </summary>
    public string Run()
    {
        var start = Stopwatch.GetTimestamp();
        var lastAnswer = start;
        for (var sent = 0; _answered < _latencies.Length;)
        {
            for (; sent < _latencies.Length && Due(sent) <= Stopwatch.GetTimestamp() && _idle.TryPop(out var connection); sent++)
            {
                connection.Send(_request, Due(sent));
            }

            foreach (var arrived in _epoll.Wait(_tick))
            {
                if (_connections[arrived].HasAnswer())
                {
                    lastAnswer = Stopwatch.GetTimestamp();
                    _latencies[_answered++] = lastAnswer - _connections[arrived].Due;
                    _idle.Push(_connections[arrived]);
                }
            }

            if (Stopwatch.GetElapsedTime(lastAnswer) > _patience)
            {
                throw new InvalidOperationException($"{_latencies.Length - _answered} requests were never answered.");
            }
        }

        Array.Sort(_latencies, _uncounted, _latencies.Length - _uncounted);
        return string.Create(CultureInfo.InvariantCulture, $"{_answered} {At(0.5):F2} {At(0.99):F2} {At(1):F2}");

        long Due(int number) => start + (long)(number * (double)Stopwatch.Frequency / _rate);
    }

    public void Dispose()
    {
        _epoll.Dispose();
        foreach (var connection in _connections)
        {
            connection.Socket.Dispose();
        }
    }

    private double At(double share) =>
        _latencies[(int)Math.Min(_latencies.Length - 1, _uncounted + (_latencies.Length - _uncounted) * share)] * 1_000.0 / Stopwatch.Frequency;

    /// <summary>One reader's connection: one request at a time.</summary>
    private sealed class Connection
    {
        private readonly nint _handle;
        private readonly byte[] _answer = new byte[4_096];
        private int _length;

        public Connection(IPEndPoint server)
        {
            Socket.Connect(server);
            _handle = Socket.Handle;
        }

        public Socket Socket { get; } = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        public long Due { get; private set; }

        public void Send(ReadOnlySpan<byte> request, long due)
        {
            Due = due;
            _length = 0;
            Epoll.Send(_handle, request);
        }

        public bool HasAnswer()
        {
            while (!IsWhole(_answer.AsSpan(0, _length)))
            {
                var received = Epoll.Receive(_handle, _answer.AsSpan(_length));
                if (received < 0)
                {
                    return false;
                }

                _length += received > 0 ? received : throw new IOException("The server closed a connection.");
            }

            return true;
        }

        private static bool IsWhole(ReadOnlySpan<byte> answer)
        {
            var end = answer.IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                return false;
            }

            if (!answer.StartsWith("HTTP/1.1 200"u8))
            {
                throw new IOException("Not what was asked for: " + Encoding.ASCII.GetString(answer));
            }

            var field = answer.IndexOf("Content-Length: "u8) + "Content-Length: ".Length;
            _ = System.Buffers.Text.Utf8Parser.TryParse(answer[field..], out int length, out _);
            return answer.Length >= end + 4 + length;
        }
    }
}
