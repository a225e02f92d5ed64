// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Links;

/// <summary>A key that signs tracking tokens.</summary>
public sealed class LinkKey
{
    /// <summary>Length of a secret in bytes.</summary>
    public const int SecretLength = 32;

    private readonly byte[] _secret;

    /// <summary>Makes a key of its parts.</summary>
    /// <param name="id">1 to 65535; stands in every token.</param>
    /// <param name="secret">32 bytes, copied.</param>
    public LinkKey(int id, ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(id, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(id, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, SecretLength);
        Id = id;
        _secret = secret.ToArray();
        Mac = new KeyedMac(_secret);
    }

    /// <summary>Number of the key in its installation.</summary>
    public int Id { get; }

    /// <summary>The secret bytes.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    /// <summary>Signs with it.</summary>
    internal KeyedMac Mac { get; }
}
