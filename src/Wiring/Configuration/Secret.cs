// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tutti.Wiring.Configuration;

/// <summary>A value that must not show up in logs or error texts. In a file it may be given as <c>file:/absolute/path</c>, whose first line counts.</summary>
[DebuggerDisplay("secret")]
public sealed class Secret(string value)
{
    /// <summary>The value itself; for use, never for show.</summary>
    public string Reveal() => value;

    /// <inheritdoc/>
    public override string ToString() => "(secret)";
}
