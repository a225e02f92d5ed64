// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Tutti.Hub.Accounts;

/// <summary>Hashes and checks passwords: PBKDF2 with HMAC-SHA512, a salt of its own for each.</summary>
internal sealed class Passwords
{
    /// <summary>Rounds of PBKDF2 for new hashes; OWASP asks for at least 210,000 with SHA-512.</summary>
    public const int Rounds = 220_000;

    private readonly PasswordHasher<Account> _hasher;
    private readonly string _nobodysHash;

    /// <param name="rounds">Rounds for new hashes; tests take few.</param>
    public Passwords(int rounds = Rounds)
    {
        _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = rounds }));
        _nobodysHash = _hasher.HashPassword(null!, "");
    }

    /// <summary>A password that nobody could guess: 100 random bits, in letters and digits that cannot be mistaken for one another.</summary>
    public static string Invent() => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 5)));

    /// <summary>What is kept in place of a password.</summary>
    public string Hash(string password) => _hasher.HashPassword(null!, password);

    /// <summary>
    /// Whether the password is the account's. For no account it takes as long and says no. <paramref name="betterHash"/>
    /// is to be kept instead, where the kept one was made with fewer rounds than today's.
    /// </summary>
    public bool Fits(Account? account, string password, out string? betterHash)
    {
        betterHash = null;
        var verdict = _hasher.VerifyHashedPassword(null!, account?.PasswordHash ?? _nobodysHash, password);
        if (account is null || verdict == PasswordVerificationResult.Failed)
        {
            return false;
        }

        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
        {
            betterHash = Hash(password);
        }

        return true;
    }
}
