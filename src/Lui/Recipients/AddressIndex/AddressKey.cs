// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Tutti.Lui.Recipients.AddressIndex;

/// <summary>The number under which an address stands in the index of its set.</summary>
internal static class AddressKey
{
    /// <summary>The first 8 bytes of the SHA-256 of a normalised address, big-endian. It is stored: it may never be computed otherwise.</summary>
    public static long Of(string normalized)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(normalized), hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
