// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Tutti.Mail.Links;

/// <summary>HMAC-SHA256 under one key that is set up once: half the price of setting it up for each text. Safe for use by many threads.</summary>
internal sealed class KeyedMac(byte[] key)
{
    private readonly ConcurrentBag<IncrementalHash> _idle = [];

    /// <summary>Computes the MAC of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mac">Receives <see cref="HMACSHA256.HashSizeInBytes"/> bytes.</param>
    public void Hash(ReadOnlySpan<byte> text, Span<byte> mac)
    {
        if (!_idle.TryTake(out var hash))
        {
            hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        }

        hash.AppendData(text);
        hash.GetHashAndReset(mac);
        _idle.Add(hash);
    }
}
