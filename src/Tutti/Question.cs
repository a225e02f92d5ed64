// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace Tutti.Commands;

/// <summary>Asks before something that cannot be taken back, and takes no answer for a no.</summary>
internal static class Question
{
    /// <summary><c>--yes</c>; each command needs one of its own.</summary>
    public static Option<bool> YesOption() => new("--yes") { Description = "Do not ask." };

    /// <summary>Returns if the answer is yes.</summary>
    /// <param name="yes">Whether it was given on the command line.</param>
    /// <param name="consequence">What it will mean, in whole sentences.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="console">Where to ask.</param>
    /// <exception cref="Complaint">There is nobody to ask, or the answer is no.</exception>
    public static async Task Ask(bool yes, string consequence, string question, InvocationConfiguration console)
    {
        if (yes)
        {
            return;
        }

        if (Console.IsInputRedirected)
        {
            throw new Complaint(ExitCode.Usage, $"{consequence} Say --yes to do it without being asked. Nothing was done.");
        }

        await console.Output.WriteLineAsync(consequence);
        await console.Output.WriteAsync($"{question} [y/N] ");
        await console.Output.FlushAsync();
        if (Console.ReadLine()?.Trim().ToLowerInvariant() is not ("y" or "yes"))
        {
            throw new Complaint(ExitCode.Usage, "Nothing was done.");
        }
    }
}
