// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Rehearsals;

/// <summary>How the receivers of a rehearsal may be told to behave.</summary>
internal static class Manners
{
    /// <summary>As <c>rehearsal.ini</c> describes them.</summary>
    public const string Providers = "providers";

    /// <summary>They take everything at once.</summary>
    public const string Accept = "accept";

    /// <summary>Whether there is such a manner.</summary>
    public static bool IsKnown(string manner) => manner is Providers or Accept;
}
