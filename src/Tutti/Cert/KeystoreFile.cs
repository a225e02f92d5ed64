// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Cert;

/// <summary>This server's keystore on disk: the one that <c>commands/ssl.ini</c> names, or <c>conf/keystore.p12</c> as long as there is none.</summary>
internal sealed class KeystoreFile
{
    private const string FilePrefix = "file:";

    private readonly string _password;

    private KeystoreFile(string path, string password, Keystore? keystore) => (Path, _password, Content) = (path, password, keystore);

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>What is in it; null if there is no such file yet.</summary>
    public Keystore? Content { get; }

    /// <summary>The option; each command needs one of its own.</summary>
    public static Option<string?> Option() => new("--keystore") { Description = "The keystore. Default: the one in commands/ssl.ini, or conf/keystore.p12.", HelpName = "FILE" };

    /// <summary>Opens a keystore that has to be there.</summary>
    public static KeystoreFile Open(CertSettings settings, string? path, string? passwordFile, TextWriter console)
    {
        var (found, password) = Locate(settings, path);
        if (!File.Exists(found))
        {
            throw (Keystore.Read(found, "") is { IsRefused: true, Refusal.Code: not "ssl.keystore-missing" } unreadable
                ? unreadable.Refusal.ToComplaint()
                : new Complaint(ExitCode.Refused, $"[ssl.keystore-missing] There is no keystore {found}. Make one first: tutti cert create {settings.HomeArgument} --name {settings.Server.HostName}"));
        }

        // What the file is comes before its password: nobody should type one for a file that is no keystore.
        var isKnown = passwordFile is not null || password is not null;
        if (!isKnown && Keystore.Read(found, "") is { IsRefused: true, Refusal.Code: "ssl.keystore-format" or "ssl.keystore-unreadable" } wrong)
        {
            throw wrong.Refusal.ToComplaint();
        }

        var opened = passwordFile is null && password is not null ? password : Passwords.Existing(passwordFile, found, console);
        return new KeystoreFile(found, opened, Keystore.Read(found, opened).OrComplain());
    }

    /// <summary>Opens a keystore, or prepares a new one.</summary>
    public static KeystoreFile OpenOrNew(CertSettings settings, string? path, string? passwordFile, TextWriter console)
    {
        var (found, password) = Locate(settings, path);
        if (File.Exists(found) || Directory.Exists(found))
        {
            return Open(settings, path, passwordFile, console);
        }

        if (!Directory.Exists(System.IO.Path.GetDirectoryName(found)))
        {
            throw new Complaint(ExitCode.Refused, $"There is no folder {System.IO.Path.GetDirectoryName(found)}. Make it, or choose another place with --keystore.");
        }

        var chosen = passwordFile is null && password is not null ? password : Passwords.Chosen(passwordFile, found, console);
        if (chosen.Length < ShortestPassword)
        {
            throw new Complaint(ExitCode.Refused, $"A keystore needs a password of at least {ShortestPassword} characters.");
        }

        Passwords.Warn(chosen, console);
        return new KeystoreFile(found, chosen, null);
    }

    /// <summary>Writes it anew, as PKCS#12, whole or not at all.</summary>
    /// <returns>Where the old one was kept, or null if there was none.</returns>
    public string? Save(IEnumerable<KeyEntry> keys, DateTimeOffset now) =>
        PrivateFile.Replace(Path, Pkcs12Writer.Write(keys, Content?.Trusted ?? [], _password), now);

    // keytool makes none with a shorter one.
    private const int ShortestPassword = 6;

    private static (string Path, string? Password) Locate(CertSettings settings, string? path)
    {
        var ini = File.Exists(settings.Home.SslIni) ? IniFile.Read(settings.Home.SslIni) : null;
        var configured = ini?.Find("SSLKeystorePath")?.Value is { Length: > 0 } value && System.IO.Path.IsPathFullyQualified(value) ? System.IO.Path.GetFullPath(value) : null;
        var chosen = path is null ? configured ?? settings.Home.Resolve("conf/keystore.p12") : System.IO.Path.GetFullPath(path);
        var password = chosen == configured ? ini?.Find("SSLKeystorePassword")?.Value : null;
        return (chosen, password?.StartsWith(FilePrefix, StringComparison.Ordinal) == true ? Passwords.OfFile(password[FilePrefix.Length..].Trim()) : password);
    }
}
