// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Smtp.Encryption;

/// <summary>How much encryption there has to be.</summary>
internal enum TlsLevel
{
    /// <summary>Where it comes about; otherwise mail travels without.</summary>
    May,

    /// <summary>Never without, whatever the certificate.</summary>
    Encrypted,

    /// <summary>Never without, and with a certificate of a trusted authority for the host's name.</summary>
    Certified,

    /// <summary>Never without, and with a certificate that fits the TLSA records (RFC 7672).</summary>
    Dane,
}

/// <summary>Where a demand comes from; the policy types of RFC 8460 §4.4.</summary>
internal enum TlsPolicyKind
{
    /// <summary>Nobody published anything.</summary>
    None,

    /// <summary>MTA-STS, RFC 8461.</summary>
    Sts,

    /// <summary>DANE, RFC 7672.</summary>
    Tlsa,
}

/// <summary>What has to be true of the encryption before mail goes to a host.</summary>
/// <param name="Level">How much there has to be.</param>
/// <param name="Kind">Who says so.</param>
/// <param name="Domain">The recipients' domain whose policy it is; empty where there is none.</param>
internal sealed record TlsDemand(TlsLevel Level, TlsPolicyKind Kind, string Domain)
{
    /// <summary>Nobody wants anything.</summary>
    public static TlsDemand None { get; } = new(TlsLevel.May, TlsPolicyKind.None, "");

    /// <summary>Usable records; some only where the level is Dane.</summary>
    public IReadOnlyList<TlsaAssociation> Associations { get; init; } = [];

    /// <summary>Why this host cannot meet the demand, whatever it shows; null if it can.</summary>
    public TlsFailure? Misfit { get; init; }

    /// <summary>Whether mail never goes without encryption.</summary>
    public bool IsMandatory => Level != TlsLevel.May;

    /// <summary>Whether what this session showed is enough for mail to go.</summary>
    /// <param name="handshake">Null if the session is not encrypted.</param>
    public bool IsMetBy(Handshake? handshake) => !IsMandatory || (Misfit is null && handshake is not null && Level switch
    {
        TlsLevel.May or TlsLevel.Encrypted => true,
        TlsLevel.Certified => handshake.IsCertified,
        TlsLevel.Dane => handshake.Fits(this),
    });
}
