// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Reports;

/// <summary>How fast a delivery settles its recipients, judged by the last minute.</summary>
internal sealed class DeliveryRate
{
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _least = TimeSpan.FromSeconds(4);
    private readonly Queue<(DateTimeOffset At, long Settled)> _looks = new();

    /// <summary>Recipients settled per minute; null until it was looked at for some seconds.</summary>
    public double? PerMinute { get; private set; }

    /// <summary>Time until nobody waits at this rate; null if there is no telling.</summary>
    public TimeSpan? Remaining { get; private set; }

    /// <summary>Takes one look.</summary>
    public void Look(DateTimeOffset now, Receipt receipt)
    {
        _looks.Enqueue((now, receipt.Planned - receipt.Waiting));
        while (_looks.Count > 1 && now - _looks.Peek().At > _window)
        {
            _looks.Dequeue();
        }

        var (first, settledThen) = _looks.Peek();
        if (now - first < _least)
        {
            return;
        }

        PerMinute = (receipt.Planned - receipt.Waiting - settledThen) / (now - first).TotalMinutes;
        Remaining = PerMinute > 0 ? TimeSpan.FromMinutes(receipt.Waiting / PerMinute.Value) : null;
    }
}
