// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tutti.Dst.Smtp.Encryption;

/// <summary>The authorities whose certificates count where a certificate has to be valid.</summary>
internal sealed class TlsRoots
{
    private readonly X509Certificate2Collection? _own;

    private TlsRoots(X509Certificate2Collection? own) => _own = own;

    /// <summary>Those of the operating system.</summary>
    public static TlsRoots OfSystem { get; } = new(null);

    /// <summary>Those of a PEM file; without a file those of the operating system.</summary>
    public static TlsRoots Read(string file)
    {
        if (file.Length == 0)
        {
            return OfSystem;
        }

        X509Certificate2Collection own = [];
        own.ImportFromPemFile(file);
        return new(own);
    }

    /// <summary>For one check. Nothing is fetched for it: a receiver must not make us call anybody.</summary>
    public X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (_own is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(_own);
        }

        return policy;
    }
}

/// <summary>A setting that names a PEM file with certificates, or nothing.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PemFileAttribute : ValidationAttribute
{
    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        try
        {
            return value is string { Length: > 0 } file && TlsRoots.Read(file).Policy().CustomTrustStore.Count == 0
                ? new ValidationResult($"There is no certificate in {file}.", [validationContext.MemberName!])
                : ValidationResult.Success;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return new ValidationResult($"{value} cannot be read: {failure.Message}", [validationContext.MemberName!]);
        }
    }
}
