// SPDX-License-Identifier: Apache-2.0
namespace Tutti.System.Tests.Running;

/// <summary>Waits for what another process does, by asking again and again.</summary>
public static class Waiting
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the answer is yes; fails the test when patience is over.</summary>
    public static async Task Until(Func<Task<bool>> question, TimeSpan patience, Func<string> complaint)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        while (!await question())
        {
            if (clock.GetElapsedTime(start) > patience)
            {
                Assert.Fail(complaint());
            }

            await Task.Delay(_pause, clock, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Asks until the answer is yes; fails the test when patience is over.</summary>
    public static Task Until(Func<bool> question, TimeSpan patience, Func<string> complaint) =>
        Until(() => Task.FromResult(question()), patience, complaint);
}
