// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Cert;

/// <summary>
/// <c>tutti cert secure-trust</c>: a password of one's own for the trusted roots. Keystore and <c>conf/server.ini</c> cannot change in
/// one step, so the server is led over a second file: at every moment the entries in <c>server.ini</c> name a keystore that their password opens.
/// </summary>
internal static class SecureTrustCommand
{
    private const int ShortestPassword = 12;
    private const string PathKey = nameof(ServerSettings.TrustedRootsPath);
    private const string PasswordKey = nameof(ServerSettings.TrustedRootsPassword);
    private const string Interim = ".secured";
    private const string SinceWords = "The password of the trusted roots was changed on ";

    public static Command Create()
    {
        var home = HomeOption.Create();
        var password = Passwords.Option("the new password");
        var command = new Command("secure-trust", "Gives the keystore of trusted roots a password of its own.") { home, password };
        command.SetAction(parsed => Run(CertSettings.Of(parsed.GetRequiredValue(home)), parsed.GetValue(password), parsed.InvocationConfiguration));
        return command;
    }

    private static int Run(CertSettings settings, string? passwordFile, InvocationConfiguration console)
    {
        var roots = TrustedRoots.Read(settings.Home, settings.Server).OrComplain();
        var old = settings.Server.TrustedRootsPassword.Reveal();
        if (old != TrustedRoots.ShippedPassword)
        {
            Finish(settings, roots.Path, old);
            console.Output.WriteLine($"{settings.Home.Resolve(settings.Server.TrustedRootsPath)} is already secured since {Since(settings, roots.Path)}. Nothing was changed.");
            return ExitCode.Done;
        }

        RefuseOverride(PasswordKey);
        RefuseOverride(PathKey);
        var password = Passwords.Chosen(passwordFile, roots.Path, console.Error);
        if (password == TrustedRoots.ShippedPassword)
        {
            throw new Complaint(ExitCode.Refused, "That is the password that everybody knows. Choose another one; nothing was changed.");
        }

        if (password.Length < ShortestPassword)
        {
            throw new Complaint(ExitCode.Refused, $"The password needs at least {ShortestPassword} characters. Nothing was changed.");
        }

        Passwords.Warn(password, console.Error);
        var content = Pkcs12Writer.Write([], roots.Entries, password);
        var interim = roots.Path + Interim;
        PrivateFile.Replace(interim, content);

        // From here on the new pair counts.
        Write(settings, interim, password);
        var kept = Finish(settings, interim, password);
        console.Output.WriteLine($"{roots.Path} has its new password, and conf/server.ini knows it. The keystore as it was before is kept as {kept}.");
        return ExitCode.Done;
    }

    /// <summary>Brings the new keystore to the place of the old one, also after a run that was killed in between.</summary>
    private static string? Finish(CertSettings settings, string path, string password)
    {
        if (!path.EndsWith(Interim, StringComparison.Ordinal))
        {
            // What a killed run has left behind and nobody names.
            File.Delete(path + Interim);
            return null;
        }

        var final = path[..^Interim.Length];
        var kept = PrivateFile.Replace(final, File.ReadAllBytes(path), settings.Clock.GetUtcNow());
        Write(settings, final, password);
        File.Delete(path);
        return kept;
    }

    private static void Write(CertSettings settings, string path, string password)
    {
        var file = settings.Home.ServerIni;
        var text = File.ReadAllText(file);
        var usual = settings.Home.Resolve(new ServerSettings().TrustedRootsPath) == path && IniFile.Parse("", text).Find(PathKey) is null;
        var changed = usual ? text : IniEdit.Set(text, PathKey, Path.GetRelativePath(settings.Home.Path, path) is var relative && !relative.StartsWith("..", StringComparison.Ordinal) ? relative : path);
        if (!changed.Contains(SinceWords, StringComparison.Ordinal))
        {
            changed = $"{changed.TrimEnd('\n')}\n\n# {SinceWords}{settings.Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.\n";
        }

        PrivateFile.Replace(file, System.Text.Encoding.UTF8.GetBytes(IniEdit.Set(changed, PasswordKey, password)));
    }

    private static string Since(CertSettings settings, string path)
    {
        var text = File.ReadAllText(settings.Home.ServerIni);
        var found = text.IndexOf(SinceWords, StringComparison.Ordinal);
        return found >= 0 && text.Length >= found + SinceWords.Length + 10
            ? text.Substring(found + SinceWords.Length, 10)
            : File.GetLastWriteTimeUtc(path).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    // A variable would go before the file, and the server would not find the new password.
    private static void RefuseOverride(string key)
    {
        var variable = $"TUTTI_SERVER_{key.ToUpperInvariant()}";
        if (Environment.GetEnvironmentVariable(variable) is not null)
        {
            throw new Complaint(ExitCode.Refused, $"The environment variable {variable} goes before conf/server.ini. Remove it, then change the password.");
        }
    }
}
