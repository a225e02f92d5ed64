// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Frame.Widgets;

/// <summary>How a note or a tag is meant.</summary>
public enum NoteKind
{
    /// <summary>Just so that you know.</summary>
    Plain,

    /// <summary>It is the present thing.</summary>
    Accent,

    /// <summary>Somebody should look at it.</summary>
    Attention,

    /// <summary>Something is lost or was refused.</summary>
    Loss,

    /// <summary>It is done.</summary>
    Done,
}
