// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Certificates.Keystores;

/// <summary>Every "no" of a keystore file, with what to do.</summary>
internal static class KeystoreRefusals
{
    private const string Format = "ssl.keystore-format";
    private const string Unread = "ssl.keystore-unreadable";

    public static Refusal Missing(string path) =>
        new(RefusalKind.NotFound, "ssl.keystore-missing", $"There is no file {path}. Write the path of the keystore with this server's certificate, or make one with tutti cert create.");

    public static Refusal IsFolder(string path) => new(RefusalKind.Invalid, Unread, $"{path} is a folder. Write the path of the keystore file in it.");

    public static Refusal NotAllowed(string path) => new(
        RefusalKind.Invalid,
        Unread,
        $"The user {Environment.UserName} may not read {path}{Unit()}. Give the file to that user (chown {Environment.UserName} {path}) and let it enter the folders above.");

    public static Refusal Unreadable(string path, string reason) => new(RefusalKind.Invalid, Unread, $"{path} cannot be read: {reason}");

    public static Refusal TooLong(string path, long length) => new(
        RefusalKind.Invalid, Format, Invariant($"{path} is no keystore: it is longer than {Keystore.LongestFile:N0} bytes (at least {length:N0})."));

    public static Refusal TooManyCertificates(string path, int count) => new(
        RefusalKind.Invalid, Format, Invariant($"{path} holds {count} certificates; more than {Keystore.MostCertificates} are not read. Remove those that this server does not need."));

    public static Refusal TooManyRounds(string path, long rounds) => new(
        RefusalKind.Invalid,
        Format,
        Invariant($"{path} asks for {rounds:N0} rounds to turn its password into a key; more than {Pkcs12Reader.MostRounds:N0} are not tried. Write it again with fewer, for example with openssl pkcs12 -export -iter 600000."));

    public static Refusal WrongPassword(string path) => new(RefusalKind.Invalid, "ssl.keystore-password", $"The password does not open {path}.");

    public static Refusal Damaged(string path, string reason) => new(RefusalKind.Invalid, Format, $"{path} is a damaged keystore: {reason} Copy it anew from where it was made.");

    public static Refusal KeyPassword(string path, string alias) => new(
        RefusalKind.Invalid,
        "ssl.key-password",
        $"The key '{alias}' in {path} has a password of its own, which differs from that of the keystore. Make them equal: keytool -keypasswd -keystore {path} -alias {alias}");

    public static Refusal KeyUnsupported(string path, string alias, string type) => new(
        RefusalKind.Invalid,
        "ssl.key-unsupported",
        $"The key '{alias}' in {path} is of the type {type}. Usable are RSA from 2048 to 4096 bits and EC P-256, P-384 and P-521. Remove the entry (keytool -delete -keystore {path} -alias {alias}) or make another one: tutti cert create");

    public static Refusal WrongFormat(string path, KeystoreFormat format) => new(RefusalKind.Invalid, Format, format switch
    {
        KeystoreFormat.Empty => $"{path} is empty. Copy the keystore anew, or make one with tutti cert create.",
        KeystoreFormat.Truncated => $"{path} is cut off: it ends before its own length says. Copy it anew from where it was made.",
        KeystoreFormat.Pem => $"{path} is a PEM file. Put key and certificates into a keystore: openssl pkcs12 -export -in {path} -inkey KEY.pem -name server -out {Renamed(path)}",
        KeystoreFormat.Jceks => $"{path} is a JCEKS keystore, which only Java reads. Convert it: keytool -importkeystore -srckeystore {path} -srcstoretype JCEKS -destkeystore {Renamed(path)} -deststoretype PKCS12",
        KeystoreFormat.Bks => $"{path} is a BKS keystore, which only BouncyCastle for Java reads. Convert it with its provider: keytool -importkeystore -srckeystore {path} -srcstoretype BKS -destkeystore {Renamed(path)} -deststoretype PKCS12",
        KeystoreFormat.Certificate => $"{path} holds certificates without a private key. Name the keystore that the key was made in; tutti cert install puts a signed certificate into it.",
        _ => $"{path} is no keystore: neither PKCS#12 nor JKS.",
    });

    private static string Renamed(string path) => Path.ChangeExtension(path, ".p12") is var renamed && renamed != path ? renamed : path + ".p12";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // A service may see less of the file system than its user: then the person has to look at the unit.
    private static string Unit()
    {
        try
        {
            var unit = File.ReadLines("/proc/self/cgroup").Select(line => line.Split('/')[^1]).FirstOrDefault(name => name.EndsWith(".service", StringComparison.Ordinal));
            return unit is null ? "" : $" as the service {unit} sees it (look for ProtectHome and ReadOnlyPaths there)";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
