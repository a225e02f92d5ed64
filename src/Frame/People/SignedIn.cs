// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Tutti.Frame.Layout;

namespace Tutti.Frame.People;

/// <summary>Somebody who has signed in.</summary>
/// <param name="Id">The account's number at HUB.</param>
/// <param name="Name">The account's name.</param>
/// <param name="DisplayName">As people read it.</param>
/// <param name="Administrator">May administer the installation.</param>
public sealed record SignedIn(long Id, string Name, string DisplayName, bool Administrator)
{
    private const string StampClaim = "tutti:stamp";
    private const string ZoneClaim = "tutti:zone";

    /// <summary>The account's stamp when they came in; who comes with an older one than the account's has to sign in again.</summary>
    public long Stamp { get; init; }

    /// <summary>The zone in which they want to read times; empty for that of their browser.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>What goes into the cookie.</summary>
    internal ClaimsPrincipal ToPrincipal()
    {
        var identity = new ClaimsIdentity(CookieAuthenticationDefaults.AuthenticationScheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, Id.ToString(CultureInfo.InvariantCulture)));
        identity.AddClaim(new Claim(ClaimTypes.Name, DisplayName.Length > 0 ? DisplayName : Name));
        identity.AddClaim(new Claim(ClaimTypes.Upn, Name));
        identity.AddClaim(new Claim(StampClaim, Stamp.ToString(CultureInfo.InvariantCulture)));
        if (TimeZone.Length > 0)
        {
            identity.AddClaim(new Claim(ZoneClaim, TimeZone));
        }

        if (Administrator)
        {
            identity.AddClaim(new Claim(ClaimTypes.Role, FrameRoles.Administrator));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <summary>Who it is by the cookie; null for nobody.</summary>
    public static SignedIn? Of(ClaimsPrincipal? principal) =>
        principal?.Identity is { IsAuthenticated: true } && long.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new(id, principal.FindFirstValue(ClaimTypes.Upn) ?? "", principal.Identity.Name ?? "", principal.IsInRole(FrameRoles.Administrator))
            {
                Stamp = long.TryParse(principal.FindFirstValue(StampClaim), NumberStyles.None, CultureInfo.InvariantCulture, out var stamp) ? stamp : 0,
                TimeZone = principal.FindFirstValue(ZoneClaim) ?? "",
            }
            : null;
}

/// <summary>What became of an attempt to sign in: somebody, or why not, in words.</summary>
/// <param name="Person">Who came in; null if nobody did.</param>
/// <param name="Problem">What to show instead.</param>
public sealed record SignInAnswer(SignedIn? Person, string Problem = "");
