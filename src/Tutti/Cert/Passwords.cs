// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text;

namespace Tutti.Commands.Cert;

/// <summary>Passwords come from a file or from a person at a terminal, never from the command line, where every user of the host could read them.</summary>
internal static class Passwords
{
    /// <summary>The option; each command needs one of its own.</summary>
    public static Option<string?> Option(string whose) => new("--password-file") { Description = $"File whose first line is {whose}. Without it a terminal is asked.", HelpName = "FILE" };

    /// <summary>The first line of a file.</summary>
    public static string OfFile(string path) => File.Exists(path)
        ? File.ReadLines(path).FirstOrDefault() ?? ""
        : throw new Complaint(ExitCode.Refused, $"The password file {path} does not exist.");

    /// <summary>A password that exists already.</summary>
    public static string Existing(string? file, string what, TextWriter console) => file is not null ? OfFile(file) : Ask($"Password of {what}: ", console);

    /// <summary>A password that is chosen now; a person types it twice.</summary>
    public static string Chosen(string? file, string what, TextWriter console)
    {
        if (file is not null)
        {
            return OfFile(file);
        }

        var first = Ask($"New password of {what}: ", console);
        return first == Ask("Once more: ", console) ? first : throw new Complaint(ExitCode.Refused, "The two passwords differ. Nothing was changed.");
    }

    /// <summary>Warns of a password that other tools cannot type.</summary>
    public static void Warn(string password, TextWriter console)
    {
        if (!Ascii.IsValid(password))
        {
            console.WriteLine("Warning: this password has characters outside ASCII; keytool makes no keystore with such a password, and some tools cannot read one.");
        }
    }

    private static string Ask(string words, TextWriter console)
    {
        if (Console.IsInputRedirected)
        {
            throw new Complaint(ExitCode.Usage, "There is no terminal to ask for the password. Give --password-file FILE.");
        }

        using var terminal = new SilentTerminal();
        console.Write(words);
        console.Flush();
        return SilentTerminal.ReadLine();
    }
}
