// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Hub.SignIn;

/// <summary>How the hub defends sign-in against guessing.</summary>
internal sealed record SignInSettings
{
    [Range(1, 100), Description("Wrong passwords in a row after which a name is locked.")]
    public int Failures { get; init; } = 8;

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00"), Description("How long a locked name stays locked, and how long a wrong password is remembered.")]
    public TimeSpan LockFor { get; init; } = TimeSpan.FromMinutes(10);
}
