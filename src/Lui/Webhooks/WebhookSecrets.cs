// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Tutti.Lui.Webhooks;

/// <summary>
/// Secrets of webhooks, and what they sign: HMAC-SHA256 over id, timestamp and body, as the specification Standard Webhooks 1.0 lays down.
/// They lie in the system database encrypted with the keys of data protection.
/// </summary>
internal sealed class WebhookSecrets(IDataProtectionProvider protection)
{
    private const string Prefix = "whsec_";
    private const int RandomBytes = 32;

    private readonly IDataProtector _protector = protection.CreateProtector("Tutti.Lui.Webhooks");

    /// <summary>A new secret as its owner gets it: <c>whsec_</c> and 32 random bytes in Base64.</summary>
    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>One signature: <c>v1,</c> and the Base64 of the HMAC.</summary>
    /// <param name="secret">As <see cref="New"/> made it.</param>
    /// <param name="id">Of the message.</param>
    /// <param name="timestamp">Of the attempt, Unix time in seconds.</param>
    /// <param name="body">The bytes of the body.</param>
    public static string Sign(string secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(secret[Prefix.Length..]));
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }

    /// <summary>As it is kept.</summary>
    public string Hide(string secret) => _protector.Protect(secret);

    /// <summary>As its owner has it. Null if the keys that hid it are gone.</summary>
    public string? Show(string hidden)
    {
        try
        {
            return _protector.Unprotect(hidden);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
