// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Tutti.Lui.Tokens;

/// <summary>A token that opens the REST interface to a program.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">What it is for, in people's words.</param>
/// <param name="Scopes">What it opens.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="UsedAt">When it was used last, to the minute; null if never.</param>
/// <param name="ExpiresAt">From when on it is worthless by itself; null if never.</param>
/// <param name="RevokedAt">From when on it is worthless; null if it is not revoked.</param>
public sealed record ApiToken(
    long Id, string Name, IReadOnlyList<TokenScope> Scopes, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? UsedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt)
{
    /// <summary>Longest name.</summary>
    public const int MaxName = 100;

    private const string Prefix = "tutti_";
    private const int RandomBytes = 32;

    /// <summary>A new secret: known to nobody, and recognisable by programs that look for leaked ones.</summary>
    internal static string NewSecret() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>What is kept of a secret. It has 256 random bits, so that a fast hash without salt is enough.</summary>
    internal static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
