// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Lui.Media;

/// <summary>What an administrator decides about the library.</summary>
internal sealed record MediaSettings
{
    /// <summary>Largest image of the library in MiB, from 1 to 40. Default 5.</summary>
    [Range(1, 40), Description("Largest image in MiB that people may put into the library.")]
    public int MaxMediaMegabytes { get; init; } = 5;
}
