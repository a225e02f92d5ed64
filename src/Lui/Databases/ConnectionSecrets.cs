// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Tutti.Lui.Databases;

/// <summary>Passwords of databases, encrypted with the keys of data protection as they lie in the system database.</summary>
internal sealed class ConnectionSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Tutti.Lui.Databases");

    /// <summary>As it is kept; nothing stays nothing.</summary>
    public string Hide(string password) => password.Length == 0 ? "" : _protector.Protect(password);

    /// <summary>As it was given. Null if the keys that hid it are gone.</summary>
    public string? Show(string secret)
    {
        try
        {
            return secret.Length == 0 ? "" : _protector.Unprotect(secret);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
