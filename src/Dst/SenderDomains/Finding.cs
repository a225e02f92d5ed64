// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.SenderDomains;

/// <summary>How serious a finding is.</summary>
public enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>It could not be found out, or only a receiver can tell.</summary>
    Unknown,

    /// <summary>Mail arrives, but something should be mended.</summary>
    Warning,

    /// <summary>Large receivers turn such mail away.</summary>
    Error,
}

/// <summary>One thing that receivers look at.</summary>
/// <param name="Subject">SPF, DKIM, DMARC, PTR or MX.</param>
/// <param name="Level">How serious it is.</param>
/// <param name="Text">What was found and what to do, in whole sentences.</param>
public sealed record Finding(string Subject, FindingLevel Level, string Text);
