// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Links;

/// <summary>What is learnt about recipients.</summary>
public enum TrackingType
{
    /// <summary>Events lead back to the recipient.</summary>
    Personal = 1,

    /// <summary>Opens and clicks carry nothing that leads back to a recipient.</summary>
    Blind = 2,

    /// <summary>Links stay as they are and there is no open image.</summary>
    Off = 3,

    /// <summary>Events lead back to recipients who permit it. Those of the others carry the number of a profile, or nothing.</summary>
    Permission = 4,

    /// <summary>Events carry the number of a profile that everybody with the same values shares.</summary>
    Anonymous = 5,

    /// <summary>Events carry a number that was drawn for one message and stands for nobody.</summary>
    Unique = 6,
}
