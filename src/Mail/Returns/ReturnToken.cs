// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Tutti.Mail.Returns;

/// <summary>
/// The signed word of a return address (VERP): says which delivery and which recipient, to nobody but us. 45 characters of a to z and 2 to 7;
/// the case of letters does not matter.
/// </summary>
public sealed class ReturnToken
{
    internal const int Bytes = sizeof(ushort) + ReturnKey.MacBytes + ReturnKey.SealedBytes;

    private readonly byte[] _bytes;

    private ReturnToken(byte[] bytes) => _bytes = bytes;

    /// <summary>Characters of a token.</summary>
    public static int Length { get; } = Base32.LengthOf(Bytes);

    /// <summary>Id of the key that can open it.</summary>
    public int KeyId => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    /// <summary>Takes a token apart. It proves nothing before it was opened.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out ReturnToken token)
    {
        token = new ReturnToken(new byte[Bytes]);
        return Base32.TryDecode(text, token._bytes);
    }

    /// <summary>Opens it with the key it was sealed with.</summary>
    /// <param name="key">The key whose id is <see cref="KeyId"/>.</param>
    /// <param name="job">Number of the mail job or test delivery.</param>
    /// <param name="recipient">Number of the recipient in it.</param>
    /// <returns>False if it was sealed with another key, or changed.</returns>
    public bool TryOpen(ReturnKey key, out ulong job, out ulong recipient)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.TryOpen(_bytes, out job, out recipient) && key.Id == KeyId;
    }
}
