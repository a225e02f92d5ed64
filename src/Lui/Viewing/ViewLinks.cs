// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Tutti.Lui.Components;
using Tutti.Lui.Tracking;
using Tutti.Mail.Links;

namespace Tutti.Lui.Viewing;

/// <summary>Makes and reads the links by which recipients see their message, or what is held of them, in the browser.</summary>
/// <remarks>
/// A link holds the recipient's opaque number in this delivery (8 bytes) and half of an HMAC-SHA256 over it (16 bytes), so none can be guessed
/// from another one. Its key is derived from the installation's secret, which only LUI's database has: neither a tracker nor a distributor can make one.
/// </remarks>
internal sealed class ViewLinks(RecipientTokens tokens, HubCaller self)
{
    /// <summary>Where messages are shown; never used for anything else.</summary>
    public const string Root = "/s/v/";

    /// <summary>Where recipients see what is held of them; links of one kind do not open the other.</summary>
    public const string ProfileRoot = "/s/p/";

    private const string Purpose = "tutti view in browser";
    private const string ProfilePurpose = "tutti profile";
    private const int NumberLength = 8;
    private const int MacLength = 16;
    private const int RecipientBits = 32;

    /// <summary>What makes links: needed once for a delivery.</summary>
    public async Task<ViewLinkWriter> Writer(CancellationToken cancellationToken) =>
        new(await tokens.Permutation(cancellationToken), await tokens.KeyFor(Purpose, cancellationToken), await tokens.KeyFor(ProfilePurpose, cancellationToken), self.PublicUrl);

    /// <summary>Whose message a link shows; null if it was not made here.</summary>
    public Task<(long DeliveryId, long RecipientId)?> Read(string token, CancellationToken cancellationToken) => Read(token, Purpose, cancellationToken);

    /// <summary>Whose profile a link shows; null if it was not made here.</summary>
    public Task<(long DeliveryId, long RecipientId)?> ReadProfile(string token, CancellationToken cancellationToken) => Read(token, ProfilePurpose, cancellationToken);

    private async Task<(long DeliveryId, long RecipientId)?> Read(string token, string purpose, CancellationToken cancellationToken)
    {
        var bytes = new byte[NumberLength + MacLength];
        if (token.Length != Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.IsValid(token) || Base64Url.DecodeFromChars(token, bytes) != bytes.Length)
        {
            return null;
        }

        var mac = HMACSHA256.HashData(await tokens.KeyFor(purpose, cancellationToken), bytes.AsSpan(0, NumberLength));
        if (!CryptographicOperations.FixedTimeEquals(mac.AsSpan(0, MacLength), bytes.AsSpan(NumberLength)))
        {
            return null;
        }

        var row = (await tokens.Permutation(cancellationToken)).ToRow(BinaryPrimitives.ReadUInt64BigEndian(bytes));
        return ((long)(row >> RecipientBits), (long)(row & uint.MaxValue));
    }

    /// <summary>Writes links.</summary>
    internal static string Write(RecipientToken permutation, byte[] key, string start, long deliveryId, long recipientId)
    {
        Span<byte> bytes = stackalloc byte[NumberLength + HMACSHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, RecipientTokens.Of(permutation, deliveryId, recipientId));
        HMACSHA256.HashData(key, bytes[..NumberLength], bytes[NumberLength..]);
        return start + Base64Url.EncodeToString(bytes[..(NumberLength + MacLength)]);
    }
}

/// <summary>Makes links, one after the other.</summary>
internal sealed class ViewLinkWriter(RecipientToken permutation, byte[] key, byte[] profileKey, string start)
{
    /// <summary>The link to a recipient's message.</summary>
    public string Of(long deliveryId, long recipientId) => ViewLinks.Write(permutation, key, start + ViewLinks.Root, deliveryId, recipientId);

    /// <summary>The link to what is held of a recipient.</summary>
    public string ProfileOf(long deliveryId, long recipientId) => ViewLinks.Write(permutation, profileKey, start + ViewLinks.ProfileRoot, deliveryId, recipientId);
}
