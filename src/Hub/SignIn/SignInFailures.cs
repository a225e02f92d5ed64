// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Hub.SignIn;

/// <summary>The wrong passwords that were given for a name, in a row.</summary>
internal sealed record SignInFailures(int Count, DateTimeOffset LastAt, DateTimeOffset? LockedUntil)
{
    /// <summary>No wrong password is remembered.</summary>
    public static SignInFailures None { get; } = new(0, DateTimeOffset.UnixEpoch, null);

    /// <summary>Whether the name is locked at this moment.</summary>
    public bool IsLocked(DateTimeOffset now) => LockedUntil > now;

    /// <summary>One more wrong password.</summary>
    public SignInFailures Add(DateTimeOffset now, SignInSettings settings)
    {
        // A lock that ran out and failures long ago do not count any more.
        var count = (now - LastAt >= settings.LockFor || LockedUntil is not null ? 0 : Count) + 1;
        return new(count, now, count >= settings.Failures ? now + settings.LockFor : null);
    }
}
