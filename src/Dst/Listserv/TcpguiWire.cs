// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;

namespace Tutti.Dst.Listserv;

/// <summary>The bytes of one conversation over the TCPGUI port.</summary>
internal sealed class TcpguiWire(Socket socket, TcpguiPatience patience)
{
    private readonly byte[] _buffer = new byte[64 * 1024];

    /// <summary>Sends all of these.</summary>
    public async Task Send(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, patience.Token)..];
        }
    }

    /// <summary>Reads a line that must be all that comes; without its end.</summary>
    /// <exception cref="InvalidDataException">It is too long, or something stands behind it: that could be taken for an answer.</exception>
    public async Task<byte[]> ReadLine(int longest)
    {
        var line = new List<byte>();
        while (true)
        {
            var read = await Receive(longest);
            line.AddRange(_buffer.AsSpan(0, read));
            var end = line.IndexOf((byte)'\n');
            if (end >= 0)
            {
                return end == line.Count - 1 ? [.. line.Take(end).Where(letter => letter != '\r')] : throw new InvalidDataException("it spoke out of turn.");
            }

            if (line.Count >= longest)
            {
                throw new InvalidDataException("its first line has no end.");
            }
        }
    }

    /// <summary>Reads so many bytes.</summary>
    public async Task<byte[]> ReadExactly(int count)
    {
        var bytes = new byte[count];
        for (var have = 0; have < count;)
        {
            var read = await Receive(count - have);
            _buffer.AsSpan(0, read).CopyTo(bytes.AsSpan(have));
            have += read;
        }

        return bytes;
    }

    /// <summary>Reads so many bytes of text and hands them on as they come.</summary>
    public async Task ReadText(uint count, Action<ReadOnlyMemory<byte>> take)
    {
        for (var left = count; left > 0;)
        {
            var read = await Receive((int)Math.Min(left, (uint)_buffer.Length));
            take(_buffer.AsMemory(0, read));
            left -= (uint)read;
        }
    }

    private async Task<int> Receive(int most)
    {
        patience.StartAgain();
        var read = await socket.ReceiveAsync(_buffer.AsMemory(0, Math.Min(most, _buffer.Length)), patience.Token);
        return read > 0 ? read : throw new EndOfStreamException();
    }
}

/// <summary>How long a conversation may stand still, and how long it may take.</summary>
internal sealed class TcpguiPatience : IDisposable
{
    private readonly CancellationTokenSource _still;
    private readonly CancellationTokenSource _whole;
    private readonly CancellationTokenSource _any;
    private TimeSpan _wait = Timeout.InfiniteTimeSpan;

    /// <summary>Nothing is measured yet.</summary>
    public TcpguiPatience(TimeProvider clock, CancellationToken cancellationToken)
    {
        _still = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _whole = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _any = CancellationTokenSource.CreateLinkedTokenSource(_still.Token, _whole.Token, cancellationToken);
    }

    /// <summary>Ends when one of the times is over, or the caller gives up.</summary>
    public CancellationToken Token => _any.Token;

    /// <summary>From now on it may stand still so long.</summary>
    public void Wait(TimeSpan still)
    {
        _wait = still;
        StartAgain();
    }

    /// <summary>From now on it may take so long altogether.</summary>
    public void WaitAtMost(TimeSpan whole) => _whole.CancelAfter(whole);

    /// <summary>Something moved.</summary>
    public void StartAgain() => _still.CancelAfter(_wait);

    /// <inheritdoc/>
    public void Dispose()
    {
        _any.Dispose();
        _whole.Dispose();
        _still.Dispose();
    }
}
