// SPDX-License-Identifier: Apache-2.0
using Tutti.Contracts.Server.V1;

namespace Tutti.Hub.Components;

/// <summary>How the ports between components are on a server, as it described them last.</summary>
/// <param name="State">plain, prepared, secured, restart-pending or refused.</param>
/// <param name="Code">The first code of what is wrong there; empty if nothing is.</param>
/// <param name="Problems">All that is wrong, in words.</param>
/// <param name="Warnings">All that should be mended, in words.</param>
/// <param name="Names">Host names of its certificate; empty where it has none.</param>
/// <param name="Issuer">Who signed it.</param>
/// <param name="Serial">Its serial number.</param>
/// <param name="NotAfter">When the first certificate of its chain ends.</param>
/// <param name="Key">SHA-256 of its public key.</param>
/// <param name="Allowed">SSLAllowedClients there.</param>
/// <param name="Roots">Fingerprints of the roots that are trusted there.</param>
/// <param name="AcceptsServerOnly">AcceptServerOnlyCertificates there.</param>
/// <param name="CallersNumber">Which list of callers it has; 0 for none.</param>
/// <param name="Refusals">How often each code was the reason of a refusal since its start.</param>
/// <param name="LastRefusals">The last of them, the oldest first.</param>
/// <param name="NotBefore">When its certificate begins; null from a version that does not say it.</param>
internal sealed record KnownCorridor(
    string State,
    string Code,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Names,
    string Issuer,
    string Serial,
    DateTimeOffset? NotAfter,
    string Key,
    IReadOnlyList<string> Allowed,
    IReadOnlyList<string> Roots,
    bool AcceptsServerOnly,
    long CallersNumber,
    IReadOnlyDictionary<string, long> Refusals,
    IReadOnlyList<KnownRefusal> LastRefusals,
    DateTimeOffset? NotBefore = null)
{
    /// <summary>As the wire has it; null from a version that says nothing of it.</summary>
    public static KnownCorridor? Of(CorridorStatus? status) => status is null ? null : new(
        status.State,
        status.Code,
        [.. status.Problems],
        [.. status.Warnings],
        [.. status.CertificateNames],
        status.Issuer,
        status.Serial,
        status.NotAfterMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(status.NotAfterMs),
        status.KeyFingerprint,
        [.. status.Allowed],
        [.. status.RootFingerprints],
        status.AcceptServerOnly,
        status.CallersNumber,
        status.Refusals.ToDictionary(refusal => refusal.Key, refusal => refusal.Value),
        [.. status.LastRefusals.Select(refusal => new KnownRefusal(DateTimeOffset.FromUnixTimeMilliseconds(refusal.AtMs), refusal.Code, refusal.Peer, refusal.Names, refusal.Reason))],
        status.NotBeforeMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(status.NotBeforeMs));
}

/// <summary>A connection or call that a server refused.</summary>
internal sealed record KnownRefusal(DateTimeOffset At, string Code, string Peer, string Names, string Reason);
