// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Certificates;

/// <summary>The keystore with the certificates of the authorities whose servers are trusted.</summary>
public sealed class TrustedRoots
{
    /// <summary>The well-known password it is shipped with.</summary>
    public const string ShippedPassword = "changeit";

    private TrustedRoots(Keystore keystore) => (Path, Entries) = (keystore.Path, keystore.Trusted);

    /// <summary>Where it was read.</summary>
    public string Path { get; }

    /// <summary>The entries in the order of the file.</summary>
    public IReadOnlyList<TrustedEntry> Entries { get; }

    /// <summary>The certificates.</summary>
    public IReadOnlyList<X509Certificate2> Certificates => [.. Entries.Select(entry => entry.Certificate)];

    /// <summary>Reads it as <c>conf/server.ini</c> names it; it may be empty.</summary>
    /// <returns>Refusals: <c>ssl.trust-missing</c>, <c>ssl.trust-password</c>, and those of <see cref="Keystore.Read"/> for the rest; the field is the key in <c>conf/server.ini</c>.</returns>
    public static Outcome<TrustedRoots> Read(HomeFolder home, ServerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(home);
        ArgumentNullException.ThrowIfNull(settings);
        var path = home.Resolve(settings.TrustedRootsPath);
        if (Keystore.Read(path, settings.TrustedRootsPassword.Reveal()).Is(out var keystore, out var refusal))
        {
            return new TrustedRoots(keystore);
        }

        return refusal.Code switch
        {
            "ssl.keystore-missing" => new Refusal(
                RefusalKind.NotFound,
                "ssl.trust-missing",
                $"The keystore of trusted roots {path} is missing. Copy it back, or begin a new one: tutti cert trust add FILE --home {home.Path}",
                nameof(ServerSettings.TrustedRootsPath)),
            "ssl.keystore-password" => new Refusal(
                RefusalKind.Invalid,
                "ssl.trust-password",
                $"The password does not open the keystore of trusted roots {path}. Write the right one into conf/server.ini.",
                nameof(ServerSettings.TrustedRootsPassword)),
            _ => refusal with { Field = nameof(ServerSettings.TrustedRootsPath) },
        };
    }

    /// <summary>Reads it for a server that needs at least one root: <c>ssl.trust-empty</c> besides the refusals of <see cref="Read"/>.</summary>
    public static Outcome<TrustedRoots> ReadFilled(HomeFolder home, ServerSettings settings)
    {
        if (!Read(home, settings).Is(out var roots, out var refusal))
        {
            return refusal;
        }

        return roots.Entries.Count > 0 ? roots : new Refusal(
            RefusalKind.Invalid,
            "ssl.trust-empty",
            $"The keystore of trusted roots {roots.Path} is empty, so no peer could be trusted. Put the root of the authority into it: tutti cert trust add FILE --home {home.Path}",
            nameof(ServerSettings.TrustedRootsPath));
    }
}
