// SPDX-License-Identifier: Apache-2.0
using System.Security;
using System.Security.Cryptography.X509Certificates;
using Tutti.Wiring.Certificates.Keystores;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Certificates;

/// <summary>What is in a keystore: PKCS#12 as today's tools write it, or JKS as older ones did.</summary>
public sealed class Keystore
{
    /// <summary>Longest file that is read: 1 MiB.</summary>
    public const int LongestFile = 1 << 20;

    /// <summary>Most certificates that are read from one file.</summary>
    public const int MostCertificates = 200;

    internal Keystore(string path, IReadOnlyList<KeyEntry> keys, IReadOnlyList<TrustedEntry> trusted, IReadOnlyList<string> warnings) =>
        (Path, Keys, Trusted, Warnings) = (path, keys, trusted, warnings);

    /// <summary>Where it was read.</summary>
    public string Path { get; }

    /// <summary>The private keys with their certificates, in the order of the file.</summary>
    public IReadOnlyList<KeyEntry> Keys { get; }

    /// <summary>The certificates that belong to no key.</summary>
    public IReadOnlyList<TrustedEntry> Trusted { get; }

    /// <summary>What is not wrong but not good either, as sentences.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Reads a keystore file.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="password">The password of the store; it opens the keys too.</param>
    /// <returns>
    /// Refusals: <c>ssl.keystore-missing</c>, <c>ssl.keystore-unreadable</c>, <c>ssl.keystore-format</c>, <c>ssl.keystore-password</c>,
    /// <c>ssl.key-password</c>, <c>ssl.key-unsupported</c>; each names the file.
    /// </returns>
    public static Outcome<Keystore> Read(string path, string password)
    {
        ArgumentNullException.ThrowIfNull(path);
        byte[] content;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > LongestFile)
            {
                return KeystoreRefusals.TooLong(path, file.Length);
            }

            // One byte more than allowed: some files do not tell their length.
            content = new byte[LongestFile + 1];
            var length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            if (length > LongestFile)
            {
                return KeystoreRefusals.TooLong(path, length);
            }

            content = content[..length];
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return KeystoreRefusals.Missing(path);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or SecurityException)
        {
            return Directory.Exists(path) ? KeystoreRefusals.IsFolder(path) : KeystoreRefusals.NotAllowed(path);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            return KeystoreRefusals.Unreadable(path, exception.Message);
        }

        return Parse(path, content, password);
    }

    /// <summary>Reads the content of a keystore file.</summary>
    /// <param name="path">The path for messages.</param>
    /// <param name="content">The whole file.</param>
    /// <param name="password">The password of the store; it opens the keys too.</param>
    public static Outcome<Keystore> Parse(string path, byte[] content, string password)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(password);
        var read = KeystoreFormats.Of(content) switch
        {
            KeystoreFormat.Pkcs12 => Pkcs12Reader.Read(path, content, password),
            KeystoreFormat.Jks => JavaKeystoreReader.Read(path, content, password),
            var other => KeystoreRefusals.WrongFormat(path, other),
        };
        return read.Is(out var bags, out var refusal) ? bags.ToKeystore(path) : refusal;
    }

    /// <summary>Every certificate in it, those of chains included.</summary>
    public IEnumerable<X509Certificate2> AllCertificates() =>
        [.. Keys.Select(key => key.Certificate), .. Keys.SelectMany(key => key.Chain), .. Trusted.Select(entry => entry.Certificate)];
}
