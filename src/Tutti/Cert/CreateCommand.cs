// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;

namespace Tutti.Commands.Cert;

/// <summary><c>tutti cert create</c>: a key pair with an unsigned certificate for this server's name.</summary>
internal static class CreateCommand
{
    private static readonly Option<string> _home = HomeOption.Create();
    private static readonly Option<string?> _name = new("--name") { Description = "This server's name. Default: HostName in conf/server.ini.", HelpName = "HOST" };
    private static readonly Option<string[]> _more = new("--san") { Description = "A further name of this server. May be repeated.", HelpName = "HOST", DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> _keystore = KeystoreFile.Option();
    private static readonly Option<NewKeyType> _key = new("--key") { Description = "ec256, ec384, rsa2048 or rsa3072. Default: ec256.", HelpName = "TYPE", DefaultValueFactory = _ => NewKeyType.Ec256 };
    private static readonly Option<string?> _alias = new("--alias") { Description = "Name of the entry in the keystore. Default: the server's name.", HelpName = "NAME" };
    private static readonly Option<bool> _replace = new("--replace") { Description = "Take the place of an entry with this name. The old keystore is kept." };
    private static readonly Option<string?> _password = Passwords.Option("the password of the keystore");

    public static Command Create()
    {
        var command = new Command("create", "Makes a key pair with an unsigned certificate for this server's name.") { _home, _name, _more, _keystore, _key, _alias, _replace, _password };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var settings = CertSettings.Of(parsed.GetRequiredValue(_home));
        var console = parsed.InvocationConfiguration;
        var names = (parsed.GetValue(_more) ?? []).Prepend(parsed.GetValue(_name) ?? settings.Server.HostName).Select(Normalize).Distinct(StringComparer.Ordinal).ToList();
        var alias = parsed.GetValue(_alias) ?? names[0];
        var file = KeystoreFile.OpenOrNew(settings, parsed.GetValue(_keystore), parsed.GetValue(_password), console.Error);
        var others = (file.Content?.Keys ?? []).Where(entry => !string.Equals(entry.Alias, alias, StringComparison.OrdinalIgnoreCase)).ToList();
        if (others.Count != (file.Content?.Keys.Count ?? 0) && !parsed.GetValue(_replace))
        {
            throw new Complaint(ExitCode.Refused, $"{file.Path} has a key '{alias}' already. Choose another --alias, or take its place with --replace.");
        }

        if (others.Count == (file.Content?.Keys.Count ?? 0) && file.Content?.Trusted.Any(entry => string.Equals(entry.Alias, alias, StringComparison.OrdinalIgnoreCase)) == true)
        {
            throw new Complaint(ExitCode.Refused, $"{file.Path} has a trusted certificate '{alias}' already. Choose another --alias.");
        }

        foreach (var name in names.Where(name => name.Contains('_', StringComparison.Ordinal)))
        {
            console.Error.WriteLine($"Warning: {name} has an underscore. Tutti takes it, but keytool refuses to make such certificates, and so do many authorities.");
        }

        var kept = file.Save(others.Append(NewKey.Create(alias, names, parsed.GetValue(_key), settings.Clock.GetUtcNow())), settings.Clock.GetUtcNow());
        console.Output.WriteLine($"Made the key '{alias}' for {string.Join(", ", names.Select(HostNames.Show))} in {file.Path}.");
        if (kept is not null)
        {
            console.Output.WriteLine($"The keystore as it was before is kept as {kept}.");
        }

        if (HostNames.TryNormalize(settings.Server.HostName, out var host) && !names.Contains(host))
        {
            console.Error.WriteLine($"Warning: HostName in conf/server.ini is {settings.Server.HostName}; this certificate does not name it.");
        }

        console.Output.WriteLine($"Its certificate is unsigned. Next: tutti cert request {settings.HomeArgument} --out {alias}.csr");
        return ExitCode.Done;
    }

    private static string Normalize(string text) => HostNames.TryNormalize(text, out var name, out var problem)
        ? name
        : throw new Complaint(ExitCode.Refused, $"'{text}' {problem}.");
}
