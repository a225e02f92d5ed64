// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Tutti.Dst.Smtp.Encryption;

namespace Tutti.Dst.Smtp;

/// <summary>The bytes between us and one receiver. Every wait has an end: a wait that takes too long, and the end of the lifetime, cut the connection.</summary>
internal sealed class Wire : IAsyncDisposable
{
    // A peer that takes the message slowly is given the time-out per block, not per message.
    private const int Block = 64 * 1024;
    private static readonly TimeSpan _never = Timeout.InfiniteTimeSpan;

    private readonly Socket _socket;
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _lifetime;
    private readonly ReplyReader _reply = new();
    private readonly byte[] _input = new byte[4096];
    private byte[] _output = new byte[1024];
    private int _start;
    private int _end;
    private int _pending;
    private SslStream? _tls;
    private volatile string? _cut;

    /// <summary>Takes over a connected socket.</summary>
    public Wire(Socket socket, TimeProvider clock, CancellationToken lifetime)
    {
        _socket = socket;
        _timer = clock.CreateTimer(static wire => ((Wire)wire!).Cut("The receiver took too long."), this, _never, _never);
        _lifetime = lifetime.UnsafeRegister(static wire => ((Wire)wire!).Cut("The distributor stopped."), this);
    }

    /// <summary>The last complete reply.</summary>
    public ReplyReader Reply => _reply;

    /// <summary>Whether the bytes are encrypted.</summary>
    public bool IsEncrypted => _tls is not null;

    /// <summary>How they were encrypted; null if they are not.</summary>
    public Handshake? Handshake { get; private set; }

    /// <summary>Whether bytes were received that no reply has used yet.</summary>
    public bool HasInput => _end > _start;

    /// <summary>Whether the receiver has said something, or left, without being asked. Says no where encryption hides it.</summary>
    public bool WasInterrupted => HasInput || (_tls is null && _socket.Poll(0, SelectMode.SelectRead));

    /// <summary>Ends the connection at once, from any thread. What is under way fails with these words.</summary>
    public void Cut(string words)
    {
        _cut ??= words;
        _socket.Dispose();
    }

    /// <summary>Puts words aside until the next <see cref="Send(TimeSpan)"/>.</summary>
    public void Put(string words)
    {
        var most = Encoding.UTF8.GetMaxByteCount(words.Length);
        if (_output.Length - _pending < most)
        {
            Array.Resize(ref _output, Math.Max(_output.Length * 2, _pending + most));
        }

        _pending += Encoding.UTF8.GetBytes(words, _output.AsSpan(_pending));
    }

    /// <summary>Sends what was put aside.</summary>
    /// <exception cref="WireException">The connection failed.</exception>
    public ValueTask Send(TimeSpan timeout)
    {
        var bytes = _output.AsMemory(0, _pending);
        _pending = 0;
        return Send(bytes, timeout);
    }

    /// <summary>Sends these bytes.</summary>
    /// <exception cref="WireException">The connection failed.</exception>
    public async ValueTask Send(ReadOnlyMemory<byte> bytes, TimeSpan timeout)
    {
        var left = bytes;
        try
        {
            while (!left.IsEmpty)
            {
                _timer.Change(timeout, _never);
                var block = left[..Math.Min(left.Length, Block)];
                if (_tls is null)
                {
                    left = left[await _socket.SendAsync(block, CancellationToken.None)..];
                }
                else
                {
                    await _tls.WriteAsync(block, CancellationToken.None);
                    left = left[block.Length..];
                }
            }
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            // The first call to a plain socket failed by itself: the operating system took nothing. Cut from here, it may have.
            throw Failed(failure, _tls is null && _cut is null && left.Length == bytes.Length);
        }
        finally
        {
            _timer.Change(_never, _never);
        }
    }

    /// <summary>Reads one complete reply into <see cref="Reply"/>.</summary>
    /// <returns>Its code.</returns>
    /// <exception cref="WireException">The connection failed, or what came is no reply.</exception>
    public ValueTask<int> Read(TimeSpan timeout)
    {
        _reply.Clear();
        return TakeInput() ? ValueTask.FromResult(_reply.Code) : Receive(timeout);
    }

    /// <summary>Encrypts from here on (RFC 3207).</summary>
    /// <param name="handshake">Judges the certificate.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <exception cref="WireException">No encryption came about; the connection is lost.</exception>
    public async Task Encrypt(Handshake handshake, TimeSpan timeout)
    {
        if (HasInput)
        {
            throw new WireException("The receiver spoke out of turn before encryption.");
        }

        _timer.Change(timeout, _never);
        try
        {
            _tls = new SslStream(new NetworkStream(_socket, ownsSocket: false));
            await _tls.AuthenticateAsClientAsync(handshake.Options(), CancellationToken.None);
            Handshake = handshake;
        }
        catch (Exception failure) when (IsFailure(failure) || failure is System.Security.Authentication.AuthenticationException)
        {
            throw Failed(failure, nothingLeft: false);
        }
        finally
        {
            _timer.Change(_never, _never);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _lifetime.DisposeAsync();
        await _timer.DisposeAsync();
        if (_tls is not null)
        {
            await _tls.DisposeAsync();
        }

        _socket.Dispose();
    }

    private static bool IsFailure(Exception failure) => failure is IOException or SocketException or ObjectDisposedException or OperationCanceledException;

    private async ValueTask<int> Receive(TimeSpan timeout)
    {
        _timer.Change(timeout, _never);
        try
        {
            do
            {
                (_start, _end) = (0, 0);
                _end = _tls is null
                    ? await _socket.ReceiveAsync(_input.AsMemory(), CancellationToken.None)
                    : await _tls.ReadAsync(_input.AsMemory(), CancellationToken.None);
                if (_end == 0)
                {
                    throw new WireException(_cut ?? "The receiver closed the connection.");
                }
            }
            while (!TakeInput());
            return _reply.Code;
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            throw Failed(failure, nothingLeft: false);
        }
        finally
        {
            _timer.Change(_never, _never);
        }
    }

    private bool TakeInput()
    {
        var complete = _reply.Take(_input.AsSpan(_start, _end - _start), out var used);
        _start += used;
        return complete;
    }

    private WireException Failed(Exception failure, bool nothingLeft) =>
        new(_cut ?? $"The connection was lost: {failure.Message}", failure, nothingLeft);
}
