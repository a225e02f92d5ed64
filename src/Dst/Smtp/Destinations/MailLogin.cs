// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Smtp.Destinations;

/// <summary>A name and a password for a host that wants to know who brings mail (RFC 4954).</summary>
internal sealed record MailLogin(string User, Secret Password)
{
    /// <summary>What the mechanism PLAIN says (RFC 4616).</summary>
    public string Plain => Encode($"\0{User}\0{Password.Reveal()}");

    /// <summary>The answers to the questions of the mechanism LOGIN, in their order.</summary>
    public IReadOnlyList<string> Login => [Encode(User), Encode(Password.Reveal())];

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
