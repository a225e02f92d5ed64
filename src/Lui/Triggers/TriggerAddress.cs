// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Triggers;

/// <summary>An address that lets one job go; whoever knows it needs no account. Only the hash of its token is kept.</summary>
/// <param name="JobId">The job.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="Who">Who made it.</param>
internal sealed record TriggerAddress(long JobId, DateTimeOffset MadeAt, Actor Who)
{
    /// <summary>Where such addresses lie.</summary>
    public const string Path = "trigger";

    private const int RandomBytes = 32;

    /// <summary>A new token: 256 random bits.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>What is kept of a token. Its bits are random, so that a fast hash without salt is enough.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
