// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Tutti.Mail.Dkim;
using Tutti.Wiring.Outcomes;

namespace Tutti.Dst.Signing;

/// <summary>The distributor's DKIM keys on disk: <c>&lt;domain&gt;/&lt;selector&gt;.pem</c>, readable by nobody else.</summary>
public static partial class DkimKeyStore
{
    /// <summary>Where the keys lie in a distributor's data folder.</summary>
    public static string FolderIn(string dataFolder) => Path.Combine(dataFolder, "dkim");

    /// <summary>Makes a key. A running distributor uses it within a few seconds.</summary>
    /// <param name="folder">The folder of <see cref="FolderIn"/>; made if it is not there.</param>
    /// <param name="domain">The sender domain, ASCII form.</param>
    /// <param name="selector">One label; null takes the first of tutti1, tutti2, … that is free.</param>
    /// <returns>What has to be published in the DNS; Conflict if there is such a key already, Invalid for names that cannot be.</returns>
    public static Outcome<CreatedDkimKey> Create(string folder, string domain, string? selector)
    {
        ArgumentNullException.ThrowIfNull(domain);
        domain = domain.ToLowerInvariant();
        selector = selector?.ToLowerInvariant();
        if (domain.Length > 253 || !DomainPattern().IsMatch(domain))
        {
            return DkimRefusals.NoDomain(domain);
        }

        var keys = Path.Combine(folder, domain);
        selector ??= FreeSelectorIn(keys);
        if (!SelectorPattern().IsMatch(selector))
        {
            return DkimRefusals.NoSelector(selector);
        }

        var file = Path.Combine(keys, selector + ".pem");
        var key = DkimKey.Create();
        MakeFolder(folder);
        MakeFolder(keys);
        var record = DkimRecord.Of(key, domain, selector);
        return TryWrite(file, key.ToPem()) ? new CreatedDkimKey(domain, selector, file, record.Name, record.Text) : DkimRefusals.Exists(domain, selector);
    }

    /// <summary>The key files of a folder with the moment each was written, newest first.</summary>
    internal static IReadOnlyList<DkimKeyFile> FilesIn(string folder) => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateFiles(folder, "*.pem", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .Select(file => new DkimKeyFile(Path.GetFileName(Path.GetDirectoryName(file)!), Path.GetFileNameWithoutExtension(file), file, File.GetLastWriteTimeUtc(file)))
            .OrderByDescending(file => file.WrittenAt)
            .ThenByDescending(file => file.Selector, StringComparer.Ordinal)];

    private static string FreeSelectorIn(string keys)
    {
        var number = 1;
        while (File.Exists(Path.Combine(keys, string.Create(CultureInfo.InvariantCulture, $"tutti{number}.pem"))))
        {
            number++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"tutti{number}");
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static bool TryWrite(string file, string pem)
    {
        // Complete before it has its name: a running distributor looks at any moment.
        var draft = $"{file}.{RandomNumberGenerator.GetHexString(8)}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(draft, options))
        using (var writer = new StreamWriter(stream))
        {
            writer.WriteLine(pem);
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(draft, file, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(draft);
            return false;
        }
    }

    [GeneratedRegex(@"\A(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex DomainPattern();

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex SelectorPattern();
}

/// <summary>A new key, and what has to be published so that receivers can check its signatures.</summary>
/// <param name="Domain">The sender domain.</param>
/// <param name="Selector">The selector.</param>
/// <param name="File">Where the private key lies.</param>
/// <param name="RecordName">Name of the TXT record.</param>
/// <param name="RecordText">Text of the TXT record; in zone files longer texts are cut into strings of 255 characters.</param>
public sealed record CreatedDkimKey(string Domain, string Selector, string File, string RecordName, string RecordText);

/// <summary>A key file as found on disk.</summary>
internal sealed record DkimKeyFile(string Domain, string Selector, string Path, DateTime WrittenAt);
