// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Wiring.Corridor;

/// <summary>The three things that have to be so on every server before the communication is secured, each in a word.</summary>
/// <param name="Certificate">ok, missing, unsigned, or refused with a code.</param>
/// <param name="SslIni">ok, missing, or refused with a code.</param>
/// <param name="Secured">yes, no, or restart pending.</param>
public sealed record CorridorConditions(string Certificate, string SslIni, string Secured)
{
    private static readonly string[] _ofCertificate = ["ssl.keystore", "ssl.no-key", "ssl.key", "ssl.cert", "ssl.trust"];

    /// <summary>True if all three are so.</summary>
    public bool AreMet => this is { Certificate: "ok", SslIni: "ok", Secured: "yes" };

    /// <summary>Of a server that runs.</summary>
    /// <param name="state">plain, prepared, secured, restart-pending or refused.</param>
    /// <param name="code">The first code of what is wrong; empty if nothing is.</param>
    /// <param name="hasCertificate">Whether it has a certificate in use, or waiting.</param>
    public static CorridorConditions Of(string state, string code, bool hasCertificate)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(code);
        var isOfCertificate = _ofCertificate.Any(start => code.StartsWith(start, StringComparison.Ordinal));

        // A prepared server has passed every check, wherever its certificate is written down.
        var isGood = state is "secured" or "prepared" || (hasCertificate && code.Length == 0);
        return new CorridorConditions(
            isOfCertificate ? code == "ssl.cert-unsigned" ? "unsigned" : $"refused {code}" : isGood || hasCertificate ? "ok" : "missing",
            state == "restart-pending" || (state == "plain" && code.Length == 0) ? "missing" : code.Length > 0 && !isOfCertificate ? $"refused {code}" : "ok",
            state switch
            {
                "secured" => "yes",
                "prepared" or "restart-pending" => "restart pending",
                _ => "no",
            });
    }

    /// <summary>Of a server that is off, as its files are now.</summary>
    public static CorridorConditions Of(CorridorFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var code = files.Refusals.Select(refusal => refusal.Code).FirstOrDefault(each => each is not null) ?? "";
        return Of(files.IsThere ? code.Length > 0 ? "refused" : "prepared" : "plain", code, files.Own is not null) with { Secured = "no" };
    }
}
