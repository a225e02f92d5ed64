// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using Tutti.Wiring.Corridor.Connections;

namespace Tutti.Wiring.Corridor.Calling;

/// <summary>
/// The secured stream of a call. In TLS 1.3 the caller's handshake succeeds before the server has judged it, so an end
/// before the first byte of an answer means: turned away.
/// </summary>
internal sealed class CallerStream(Stream inner, Func<Exception?, CallRefusedException> turnedAway, Action<CallerStream> closed)
    : SslStream(inner, leaveInnerStreamOpen: false)
{
    private readonly Lock _gate = new();
    private volatile CallRefusedException? _refused;
    private bool _answered;
    private bool _isAborted;
    private int _isClosed;

    /// <summary>False as soon as the handshake is over.</summary>
    public bool IsShakingHands { get; set; } = true;

    /// <summary>What the server showed, and what was decided about it; null until the handshake is over.</summary>
    public (PeerCertificate Peer, PeerVerdict Verdict, EndPoint? Address)? Judged { get; set; }

    /// <summary>Where its bytes are counted; null until the handshake is over.</summary>
    public PeerFigures? Figures { get; set; }

    /// <summary>That the server turned this one away, if it did; whatever exception came of it elsewhere.</summary>
    public CallRefusedException? Refused => _refused;

    /// <summary>Ends the connection at once.</summary>
    public void Abort()
    {
        _isAborted = true;
        InnerStream.Dispose();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_answered || IsShakingHands)
        {
            var more = await base.ReadAsync(buffer, cancellationToken);
            Figures?.Read(more);
            return more;
        }

        try
        {
            // A read of nothing only waits until there is something; it says nothing about an end.
            var read = await base.ReadAsync(buffer, cancellationToken);
            _answered = read > 0;
            Figures?.Read(read);
            return read > 0 || buffer.IsEmpty || _isAborted || _isClosed != 0 ? read : throw TurnedAway(null);
        }
        catch (IOException e) when (e is not CallRefusedException && !_isAborted && _isClosed == 0)
        {
            throw TurnedAway(e);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await base.WriteAsync(buffer, cancellationToken);
            Figures?.Wrote(buffer.Length);
        }
        catch (IOException e) when (!_answered && !IsShakingHands && !_isAborted && _isClosed == 0)
        {
            // Turned away before the first byte of ours arrived.
            throw TurnedAway(e);
        }
        catch (Exception e) when (_refused is not null && e is (ObjectDisposedException or IOException) and not CallRefusedException)
        {
            // Reading found it out first, and the handler has closed the stream under its own writing.
            throw _refused;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        Forget();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Forget();
        base.Dispose(disposing);
    }

    private CallRefusedException TurnedAway(Exception? cause)
    {
        lock (_gate)
        {
            return _refused ??= turnedAway(cause);
        }
    }

    private void Forget()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            closed(this);
        }
    }
}
