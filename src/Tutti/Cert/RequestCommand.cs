// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;

namespace Tutti.Commands.Cert;

/// <summary><c>tutti cert request</c>: what an authority needs to sign.</summary>
internal static class RequestCommand
{
    private static readonly Option<string> _home = HomeOption.Create();
    private static readonly Option<string?> _keystore = KeystoreFile.Option();
    private static readonly Option<string?> _alias = new("--alias") { Description = "The entry of the keystore. Default: the only one.", HelpName = "NAME" };
    private static readonly Option<string?> _out = new("--out") { Description = "File for the request. Default: it is printed.", HelpName = "FILE" };
    private static readonly Option<string?> _password = Passwords.Option("the password of the keystore");

    public static Command Create()
    {
        var command = new Command("request", "Writes a signing request (PKCS#10, PEM) for an authority.") { _home, _keystore, _alias, _out, _password };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var settings = CertSettings.Of(parsed.GetRequiredValue(_home));
        var console = parsed.InvocationConfiguration;
        var file = KeystoreFile.Open(settings, parsed.GetValue(_keystore), parsed.GetValue(_password), console.Error);
        var request = NewKey.SigningRequest(Pick(file, settings, parsed.GetValue(_alias)));
        if (parsed.GetValue(_out) is not { } path)
        {
            console.Output.Write(request);
            return ExitCode.Done;
        }

        File.WriteAllText(path, request);
        console.Output.WriteLine($"Wrote {path}. Give it to an authority; then: tutti cert install {settings.HomeArgument} FILE...");
        return ExitCode.Done;
    }

    private static KeyEntry Pick(KeystoreFile file, CertSettings settings, string? alias)
    {
        var keys = file.Content!.Keys;
        var fitting = alias is null ? keys : [.. keys.Where(entry => string.Equals(entry.Alias, alias, StringComparison.OrdinalIgnoreCase))];
        var all = string.Join(", ", keys.Select(entry => $"'{entry.Alias}'"));
        return (fitting.Count, keys.Count) switch
        {
            (1, _) => fitting[0],
            (_, 0) => throw new Complaint(ExitCode.Refused, $"[ssl.no-key] {file.Path} holds no key. Make one first: tutti cert create {settings.HomeArgument} --name {settings.Server.HostName}"),
            (0, _) => throw new Complaint(ExitCode.Refused, $"{file.Path} has no key '{alias}'. It has {all}."),
            _ => throw new Complaint(ExitCode.Refused, $"{file.Path} has several keys: {all}. Say which with --alias."),
        };
    }
}
