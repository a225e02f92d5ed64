// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Lui.Databases;

/// <summary>What an administrator decides about reading from databases.</summary>
internal sealed record DatabaseSettings
{
    /// <summary>Longest time in seconds that a query may take until its last row, from 1 to 86,400. Default 1,800.</summary>
    [Range(1, 86_400), Description("Longest time in seconds that reading recipients from a database may take, to the last row.")]
    public int QuerySeconds { get; init; } = 1800;
}
