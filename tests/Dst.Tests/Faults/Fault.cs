// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Tests.Faults;

/// <summary>One thing that a receiver does wrong, once.</summary>
/// <param name="At">banner, ehlo, starttls, mail, rcpt, data, body, dot (the whole message was read), answer (250 was sent), rset.</param>
/// <param name="Does">drop, reset, hang, wait (until it is released), crawl (a byte at a time), garbage (no TLS), or a reply: one with 421 also closes.</param>
/// <param name="Recipient">Local part of the recipient that it happens to; null for whoever comes first.</param>
/// <param name="Keeps">At dot: whether the message was taken all the same.</param>
internal sealed record Fault(string At, string Does, string? Recipient = null, bool Keeps = true);

/// <summary>What a receiver offers.</summary>
internal sealed record Offer(bool Pipelining = true, bool Chunking = false, bool EightBit = true)
{
    public static Offer Named(string name) => name switch
    {
        "stepwise" => new Offer(Pipelining: false),
        "pipelining" => new Offer(),
        "chunking" => new Offer(Chunking: true),
        _ => throw new ArgumentException(name),
    };
}
