// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Lui.Files;

/// <summary>What an administrator decides about uploads.</summary>
internal sealed record UploadSettings
{
    /// <summary>Largest upload in MiB, from 1 to 1,048,576. Default 2,048.</summary>
    [Range(1, 1024 * 1024), Description("Largest file in MiB that people and programs may upload.")]
    public int MaxUploadMegabytes { get; init; } = 2048;
}
