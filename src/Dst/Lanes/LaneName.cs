// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Lanes;

/// <summary>
/// Lanes and destinations go by the operator or domain, and where mail leaves from several pools of addresses by the pool too: <c>google/offers</c>.
/// Receivers judge by address, so a pool that they do not like holds up no other. The pool of all others has no name.
/// </summary>
internal static class LaneName
{
    /// <summary>The name for an operator or domain, and a pool.</summary>
    public static string Of(string operatorOrDomain, string pool) => pool.Length == 0 ? operatorOrDomain : $"{operatorOrDomain}/{pool}";

    /// <summary>The operator or domain of a name.</summary>
    public static string OperatorOf(string name) => name.Split('/')[0];

    /// <summary>The pool of a name.</summary>
    public static string PoolOf(string name) => name.IndexOf('/', StringComparison.Ordinal) is >= 0 and var at ? name[(at + 1)..] : "";
}
