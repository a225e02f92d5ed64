// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.Smtp.Encryption;

namespace Tutti.Dst.Smtp;

/// <summary>A host that takes mail.</summary>
/// <param name="Name">Its name, for people and TLS.</param>
/// <param name="Port">TCP port, normally 25.</param>
/// <param name="Addresses">Addresses in the order of trial, at least one.</param>
internal sealed record MailHost(string Name, int Port, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>What has to be true of the encryption. Default: nothing.</summary>
    public TlsDemand Tls { get; init; } = TlsDemand.None;

    /// <summary>It is this distributor's own capture mailbox: nobody gets what it takes.</summary>
    public bool IsCapture { get; init; }

    /// <summary>How we make ourselves known; null: not at all.</summary>
    public MailLogin? Login { get; init; }
}
