// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace Tutti.Commands.Cluster;

/// <summary>The passphrase of an exported authority: from a file, never from the command line, where every process would see it.</summary>
internal static class AuthorityPassphrase
{
    private const int Shortest = 12;

    public static Option<string> Create() => new("--passphrase-file") { Description = "File whose first line is the passphrase.", HelpName = "FILE", Required = true };

    public static string Read(string path)
    {
        var passphrase = File.Exists(path) ? File.ReadLines(path).FirstOrDefault() ?? "" : throw new Complaint(ExitCode.Usage, $"--passphrase-file {path}: there is no such file.");
        return passphrase.Length >= Shortest
            ? passphrase
            : throw new Complaint(ExitCode.Usage, $"--passphrase-file {path}: a passphrase that keeps the authority's key has at least {Shortest} characters.");
    }
}
