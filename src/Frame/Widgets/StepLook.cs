// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Frame.Widgets;

/// <summary>Where a step of a workflow stands.</summary>
public enum StepLook
{
    /// <summary>Something else must be done before.</summary>
    Blocked,

    /// <summary>Can be done now.</summary>
    Open,

    /// <summary>Something about it should be looked at.</summary>
    Attention,

    /// <summary>Done.</summary>
    Done,
}
