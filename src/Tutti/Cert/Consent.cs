// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace Tutti.Commands.Cert;

/// <summary>Asks a person before something is trusted. A script that has no terminal has decided already.</summary>
internal static class Consent
{
    /// <summary>The option; each command needs one of its own.</summary>
    public static Option<bool> Option() => new("--yes") { Description = "Do not ask." };

    /// <summary>True if it may go on.</summary>
    public static bool Given(bool yes, string question, TextWriter console)
    {
        if (yes || Console.IsInputRedirected)
        {
            return true;
        }

        console.Write($"{question} [y/N] ");
        console.Flush();
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
