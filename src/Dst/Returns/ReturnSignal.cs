// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Returns;

/// <summary>Wakes the reader of returned mail.</summary>
internal sealed class ReturnSignal : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0, 1);

    /// <summary>Something came in, or somebody asked for a key that is not here.</summary>
    public void Raise()
    {
        try
        {
            _rung.Release();
        }
        catch (SemaphoreFullException)
        {
            // It rings already.
        }
    }

    /// <summary>Ends at the next <see cref="Raise"/>, or after a while.</summary>
    public async Task Wait(TimeSpan longest, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var enough = new CancellationTokenSource(longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, cancellationToken);
        try
        {
            await _rung.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time to look again.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _rung.Dispose();
}
