// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Tutti.Wiring.Corridor.Listening;

/// <summary>Counts handshakes that are not over, so that connections which go nowhere cannot crowd out those of peers.</summary>
internal sealed class UnfinishedHandshakes
{
    /// <summary>Most at once, from everywhere.</summary>
    public const int MostInAll = 256;

    /// <summary>Most at once from one address.</summary>
    public const int MostFromOne = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _from = [];
    private int _all;

    /// <summary>True if one more may begin; then a <see cref="Turn"/> has to end it.</summary>
    public bool TryEnter(EndPoint? peer)
    {
        var address = AddressOf(peer);
        lock (_gate)
        {
            var already = _from.GetValueOrDefault(address);
            if (_all >= MostInAll || already >= MostFromOne)
            {
                return false;
            }

            _all++;
            _from[address] = already + 1;
            return true;
        }
    }

    private static IPAddress AddressOf(EndPoint? peer) => (peer as IPEndPoint)?.Address ?? IPAddress.None;

    private void Leave(EndPoint? peer)
    {
        var address = AddressOf(peer);
        lock (_gate)
        {
            _all--;
            if (--_from[address] == 0)
            {
                _from.Remove(address);
            }
        }
    }

    /// <summary>One handshake; ended once, by its success or by the end of its connection.</summary>
    public sealed class Turn(UnfinishedHandshakes all, EndPoint? peer) : IDisposable
    {
        private int _isOver;

        /// <inheritdoc/>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                all.Leave(peer);
            }
        }
    }
}
