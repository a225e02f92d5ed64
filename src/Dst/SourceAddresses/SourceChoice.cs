// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace Tutti.Dst.SourceAddresses;

/// <summary>The addresses that a connection may leave from now, in turn; without any the operating system chooses.</summary>
/// <param name="sources">Those that may carry something yet.</param>
/// <param name="isUsedUp">There are addresses, and all of them have carried what they may today.</param>
internal sealed class SourceChoice(IReadOnlyList<Source> sources, bool isUsedUp = false)
{
    private static int _turn;

    /// <summary>Whether nothing may leave before tomorrow.</summary>
    public bool IsUsedUp { get; } = isUsedUp;

    /// <summary>Whether mail can leave for an address: a receiver shall see none but the addresses that were named.</summary>
    public bool Reaches(IPAddress address) => sources.Count == 0 || Of(address).Any();

    /// <summary>The next one for a connection to an address; null: the operating system chooses.</summary>
    public Source? Next(IPAddress address)
    {
        var list = Of(address).ToList();
        return list.Count == 0 ? null : list[(int)((uint)Interlocked.Increment(ref _turn) % (uint)list.Count)];
    }

    private IEnumerable<Source> Of(IPAddress address) =>
        sources.Where(source => source.Address.AddressFamily == AddressFamily.InterNetworkV6 == (address.AddressFamily == AddressFamily.InterNetworkV6));
}
