// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;

namespace Tutti.Lui.Jobs;

/// <summary>Who did something: an account, an API token, or Tutti itself.</summary>
/// <param name="Id">The account's id at HUB; <c>token:N</c> for an API token; empty for Tutti itself.</param>
/// <param name="Name">As people read it.</param>
internal sealed record Actor(string Id, string Name)
{
    /// <summary>What the id of an API token begins with.</summary>
    public const string TokenPrefix = "token:";

    /// <summary>Whether it is a program.</summary>
    public bool IsToken => Id.StartsWith(TokenPrefix, StringComparison.Ordinal);

    /// <summary>What happens by itself, such as a delivery that starts when it is due.</summary>
    public static Actor Tutti { get; } = new("", "Tutti");

    /// <summary>Who is signed in, by cookie or by token.</summary>
    public static Actor Of(ClaimsPrincipal user) =>
        new(user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "", user.FindFirstValue(ClaimTypes.Name) ?? "");
}
