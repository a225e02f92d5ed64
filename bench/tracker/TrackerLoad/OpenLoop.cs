// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
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
internal sealed class OpenLoop(Uri url, int rate, TimeSpan duration) : IDisposable
{
    private const int MaxConnections = 1_024;

    private readonly int _port = url.Port;
    private readonly byte[] _request = Encoding.ASCII.GetBytes(
        $"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nUser-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148\r\n\r\n");

    private readonly ConcurrentQueue<long> _due = new();
    private readonly ConcurrentStack<Connection> _idle = new();
    private readonly long[] _latencies = new long[(int)(rate * duration.TotalSeconds)];
    private readonly CountdownEvent _open = new((int)(rate * duration.TotalSeconds));
    private int _answered;

    /// <summary>Requests answered, then median, 99th percentile and longest latency in milliseconds.</summary>
    public string Run()
    {
        var connections = Enumerable.Range(0, MaxConnections).Select(_ => new Connection(this)).ToList();
        connections.ForEach(_idle.Push);
        using var tick = new ManualResetEvent(false);
        var start = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < _latencies.Length;)
        {
            var target = (int)Math.Min(_latencies.Length, Stopwatch.GetElapsedTime(start).TotalSeconds * rate);
            for (; sent < target; sent++)
            {
                var due = start + (long)(sent * (double)Stopwatch.Frequency / rate);
                if (_idle.TryPop(out var connection))
                {
                    connection.Send(due);
                }
                else
                {
                    _due.Enqueue(due);
                }
            }

            tick.WaitOne(1);
        }

        if (!_open.Wait(TimeSpan.FromSeconds(30)))
        {
            throw new InvalidOperationException($"{_open.CurrentCount} requests were never answered.");
        }

        connections.ForEach(connection => connection.Dispose());
        Array.Sort(_latencies);
        return string.Create(CultureInfo.InvariantCulture, $"{_answered} {At(0.5):F2} {At(0.99):F2} {At(1):F2}");
    }

    public void Dispose() => _open.Dispose();

    private double At(double share) => _latencies[(int)Math.Min(_latencies.Length - 1, _latencies.Length * share)] * 1_000.0 / Stopwatch.Frequency;

    private void Answered(Connection connection, long due)
    {
        _latencies[Interlocked.Increment(ref _answered) - 1] = Stopwatch.GetTimestamp() - due;
        _open.Signal();
        if (_due.TryDequeue(out var next))
        {
            connection.Send(next);
        }
        else
        {
            _idle.Push(connection);
        }
    }

    /// <summary>One reader's connection: one request at a time.</summary>
    private sealed class Connection : IDisposable
    {
        private readonly OpenLoop _load;
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly SocketAsyncEventArgs _receive = new();
        private readonly byte[] _answer = new byte[4_096];
        private long _due;
        private int _length;

        public Connection(OpenLoop load)
        {
            _load = load;
            _socket.Connect(new IPEndPoint(IPAddress.Loopback, load._port));
            _receive.Completed += (_, _) => Receive(isDone: true);
        }

        public void Send(long due)
        {
            _due = due;
            _length = 0;
            _socket.Send(_load._request);
            Receive(isDone: false);
        }

        public void Dispose()
        {
            _socket.Dispose();
            _receive.Dispose();
        }

        private void Receive(bool isDone)
        {
            while (true)
            {
                if (isDone)
                {
                    if (_receive.SocketError != SocketError.Success || _receive.BytesTransferred == 0)
                    {
                        throw new IOException("The server closed a connection.");
                    }

                    _length += _receive.BytesTransferred;
                    if (IsWhole(_answer.AsSpan(0, _length)))
                    {
                        _load.Answered(this, _due);
                        return;
                    }
                }

                _receive.SetBuffer(_answer, _length, _answer.Length - _length);
                isDone = !_socket.ReceiveAsync(_receive);
                if (!isDone)
                {
                    return;
                }
            }
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
