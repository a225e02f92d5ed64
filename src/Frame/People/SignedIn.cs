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
    /// <summary>What goes into the cookie.</summary>
    internal ClaimsPrincipal ToPrincipal()
    {
        var identity = new ClaimsIdentity(CookieAuthenticationDefaults.AuthenticationScheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, Id.ToString(CultureInfo.InvariantCulture)));
        identity.AddClaim(new Claim(ClaimTypes.Name, DisplayName.Length > 0 ? DisplayName : Name));
        identity.AddClaim(new Claim(ClaimTypes.Upn, Name));
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
            : null;
}

/// <summary>What became of an attempt to sign in: somebody, or why not, in words.</summary>
/// <param name="Person">Who came in; null if nobody did.</param>
/// <param name="Problem">What to show instead.</param>
public sealed record SignInAnswer(SignedIn? Person, string Problem = "");
