// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Wiring.Transport;

/// <summary>A component that knows whom it dials. <c>tutti link check</c> tries each of them.</summary>
public interface IDialsPeers
{
    /// <summary>All that it dials now.</summary>
    ValueTask<IReadOnlyList<DialledPeer>> Dialled(CancellationToken cancellationToken);
}

/// <summary>An address that a component dials.</summary>
/// <param name="To">What is there: hub, lui, trk, dst, or server where all of its components are meant.</param>
/// <param name="Host">The name it is dialled by.</param>
/// <param name="Port">Its internal or tracker port.</param>
public sealed record DialledPeer(string To, string Host, int Port);
