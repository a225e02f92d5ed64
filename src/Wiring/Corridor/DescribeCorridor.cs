// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Certificates;

namespace Tutti.Wiring.Corridor;

/// <summary>Puts the state of the corridor into the words of the wire. Never a key, never a password.</summary>
internal static class DescribeCorridor
{
    public static CorridorStatus Of(ServerCorridor corridor)
    {
        var refusals = corridor.Refusals;
        var status = new CorridorStatus
        {
            State = StateOf(corridor),
            Code = refusals.Select(refusal => refusal.Code).FirstOrDefault(code => code is not null) ?? "",
            Problems = { refusals.Select(refusal => refusal.ToString()) },
            Warnings = { corridor.Warnings.Select(warning => warning.ToString()), corridor.EndingAuthorities },
            CallersNumber = corridor.Callers.Number,
            OpenConnections = (uint)corridor.Connections.Count,
            LastRefusals = { corridor.Log.Last.Select(Wire) },
        };
        foreach (var (code, count) in corridor.Log.Counts)
        {
            status.Refusals[code] = count;
        }

        if ((corridor.IdentityOrNone ?? corridor.PreparedOrNone) is { } identity)
        {
            var own = identity.Own.Entry.Certificate;
            status.CertificateNames.AddRange(CertificateNames.Of(own));
            status.Issuer = own.Issuer;
            status.Serial = own.SerialNumber;
            status.NotAfterMs = identity.Own.Path.NotAfter.ToUnixTimeMilliseconds();
            status.NotBeforeMs = new DateTimeOffset(own.NotBefore.ToUniversalTime()).ToUnixTimeMilliseconds();
            status.KeyFingerprint = Convert.ToHexString(SHA256.HashData(own.PublicKey.ExportSubjectPublicKeyInfo()));
            status.Allowed.AddRange(identity.Allowed);
            status.RootFingerprints.AddRange(identity.Roots.Select(root => Convert.ToHexString(SHA256.HashData(root.RawDataMemory.Span))).Order(StringComparer.Ordinal));
            status.AcceptServerOnly = identity.AcceptsServerOnly;
        }

        return status;
    }

    private static string StateOf(ServerCorridor corridor) => corridor.Mode switch
    {
        CorridorMode.Plain => corridor.IsRestartPending ? "prepared" : "plain",
        CorridorMode.Secured => corridor.IsRestartPending ? "restart-pending" : "secured",
        CorridorMode.Refused => "refused",
    };

    private static CorridorRefusal Wire(LoggedRefusal refusal) => new()
    {
        AtMs = refusal.At.ToUnixTimeMilliseconds(),
        Code = refusal.Code,
        Peer = refusal.Where,
        Names = refusal.Names,
        Reason = refusal.Reason,
    };
}
