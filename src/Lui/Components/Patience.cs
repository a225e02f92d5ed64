// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Components;

/// <summary>How long one call to another component may take before it counts as not answered.</summary>
internal sealed class Patience : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;

    /// <summary>Starts to wait.</summary>
    /// <param name="clock">Measures it.</param>
    /// <param name="cancellationToken">The caller's own.</param>
    /// <param name="limit">How long; null: 30 seconds.</param>
    public Patience(TimeProvider clock, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        _timer = new CancellationTokenSource(limit ?? _limit, clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellationToken);
    }

    /// <summary>Cancelled when the patience is at its end, or the caller's own token is.</summary>
    public CancellationToken Token => _either.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _either.Dispose();
        _timer.Dispose();
    }
}
