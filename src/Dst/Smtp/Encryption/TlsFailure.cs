// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Smtp.Encryption;

/// <summary>Why a session was not encrypted as its policy wants; the result types of RFC 8460 §4.3.</summary>
internal enum TlsFailure
{
    /// <summary>The receiver does not offer STARTTLS, or refuses it.</summary>
    StartTlsNotSupported,

    /// <summary>The certificate does not carry the host's name.</summary>
    CertificateHostMismatch,

    /// <summary>The certificate, or one above it, is not valid at this time.</summary>
    CertificateExpired,

    /// <summary>No trusted authority stands above the certificate.</summary>
    CertificateNotTrusted,

    /// <summary>Anything else, a failed handshake included.</summary>
    ValidationFailure,

    /// <summary>The TLSA records could not be had where they were to be expected.</summary>
    DnssecInvalid,

    /// <summary>The policy could not be fetched.</summary>
    StsPolicyFetchError,

    /// <summary>What was fetched is no policy.</summary>
    StsPolicyInvalid,

    /// <summary>The server of the policy has no valid certificate.</summary>
    StsWebpkiInvalid,
}

/// <summary>The words of RFC 8460.</summary>
internal static class TlsFailureWords
{
    /// <summary>The result type, "successful" for none.</summary>
    public static string Word(this TlsFailure? failure) => failure is { } one ? one.Word() : "successful";

    /// <summary>The result type.</summary>
    public static string Word(this TlsFailure failure) => failure switch
    {
        TlsFailure.StartTlsNotSupported => "starttls-not-supported",
        TlsFailure.CertificateHostMismatch => "certificate-host-mismatch",
        TlsFailure.CertificateExpired => "certificate-expired",
        TlsFailure.CertificateNotTrusted => "certificate-not-trusted",
        TlsFailure.ValidationFailure => "validation-failure",
        TlsFailure.DnssecInvalid => "dnssec-invalid",
        TlsFailure.StsPolicyFetchError => "sts-policy-fetch-error",
        TlsFailure.StsPolicyInvalid => "sts-policy-invalid",
        TlsFailure.StsWebpkiInvalid => "sts-webpki-invalid",
    };
}
