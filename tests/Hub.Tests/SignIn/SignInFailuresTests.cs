// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.SignIn;

namespace Tutti.Hub.Tests.SignIn;

public sealed class SignInFailuresTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);
    private static readonly SignInSettings _settings = new() { Failures = 2, LockFor = TimeSpan.FromMinutes(10) };

    [Fact]
    public void The_second_wrong_password_locks_when_two_are_the_limit()
    {
        var failures = SignInFailures.None.Add(_now, _settings).Add(_now, _settings);

        Assert.True(failures.IsLocked(_now));
        Assert.False(failures.IsLocked(_now + _settings.LockFor));
    }

    [Fact]
    public void A_wrong_password_long_ago_does_not_count()
    {
        var failures = SignInFailures.None.Add(_now, _settings).Add(_now + _settings.LockFor, _settings);

        Assert.Equal(1, failures.Count);
        Assert.Null(failures.LockedUntil);
    }
}
