// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Tutti.Mail.Dkim;
using Tutti.Wiring.Outcomes;

namespace Tutti.Dst.Signing;

/// <summary>
/// The distributor's DKIM keys on disk, readable by nobody else: <c>&lt;domain&gt;/&lt;selector&gt;.pem</c> signs,
/// <c>.pem.waiting</c> waits until its record is published, <c>.pem.retired</c> signs no more while mail signed by it is on its way.
/// </summary>
public static partial class DkimKeyStore
{
    private const string Signing = ".pem";
    private const string Waiting = ".pem.waiting";
    private const string Retired = ".pem.retired";

    /// <summary>Where the keys lie in a distributor's data folder.</summary>
    public static string FolderIn(string dataFolder) => Path.Combine(dataFolder, "dkim");

    /// <summary>
    /// Makes a key. The first one of its kind in a domain signs at once: a running distributor takes it up within a few seconds.
    /// A further one waits for <see cref="Use"/>, so that nothing is signed with it before receivers can check that.
    /// </summary>
    /// <param name="folder">The folder of <see cref="FolderIn"/>; made if it is not there.</param>
    /// <param name="domain">The sender domain, ASCII form.</param>
    /// <param name="selector">One label; null takes the first of tutti1, tutti2, … that is free.</param>
    /// <param name="algorithm">What kind of key.</param>
    /// <returns>What has to be published in the DNS; Conflict if there is such a key already, Invalid for names that cannot be.</returns>
    public static Outcome<CreatedDkimKey> Create(string folder, string domain, string? selector, DkimAlgorithm algorithm = DkimAlgorithm.Rsa)
    {
        ArgumentNullException.ThrowIfNull(domain);
        domain = domain.ToLowerInvariant();
        selector = selector?.ToLowerInvariant();
        if (domain.Length > 253 || !DomainPattern().IsMatch(domain))
        {
            return DkimRefusals.NoDomain(domain);
        }

        var known = List(folder, domain);
        selector ??= FreeSelector(known);
        if (!SelectorPattern().IsMatch(selector))
        {
            return DkimRefusals.NoSelector(selector);
        }

        if (known.Any(one => one.Selector == selector))
        {
            return DkimRefusals.Exists(domain, selector);
        }

        var keys = Path.Combine(folder, domain);
        var waits = known.Any(one => one.State == DkimKeyState.Signing && one.Algorithm == algorithm);
        var file = Path.Combine(keys, selector + (waits ? Waiting : Signing));
        var key = DkimKey.Create(algorithm);
        MakeFolder(folder);
        MakeFolder(keys);
        var record = DkimRecord.Of(key, domain, selector);
        return TryWrite(file, key.ToPem()) ? new CreatedDkimKey(domain, selector, file, record.Name, record.Text, waits) : DkimRefusals.Exists(domain, selector);
    }

    /// <summary>All keys of a folder, or those of one domain, by domain and age, oldest first.</summary>
    public static IReadOnlyList<StoredDkimKey> List(string folder, string? domain = null) =>
    [
        .. FilesIn(folder)
            .Where(file => domain is null || file.Domain.Equals(domain, StringComparison.OrdinalIgnoreCase))
            .Reverse()
            .OrderBy(file => file.Domain, StringComparer.Ordinal)
            .Select(Describe),
    ];

    /// <summary>Lets a key sign in place of the one of its kind that does so now. That one is kept as retired.</summary>
    /// <returns>The selectors that were retired; NotFound if there is no such key, Conflict if it cannot be read.</returns>
    public static Outcome<IReadOnlyList<string>> Use(string folder, string domain, string selector, DateTimeOffset now)
    {
        var known = List(folder, domain);
        if (known.FirstOrDefault(one => one.Selector == selector) is not { } key)
        {
            return DkimRefusals.NoKey(domain, selector);
        }

        if (key.Record is null)
        {
            return DkimRefusals.Unreadable(domain, selector, key.Problem);
        }

        var keys = Path.Combine(folder, key.Domain);
        if (key.State != DkimKeyState.Signing)
        {
            // The newest file signs if both do for a moment, or if this is cut off before the other one is retired.
            File.SetLastWriteTimeUtc(key.Path, now.UtcDateTime);
            File.Move(key.Path, Path.Combine(keys, selector + Signing));
        }

        var retired = new List<string>();
        foreach (var other in known.Where(one => one != key && one.State == DkimKeyState.Signing && one.Algorithm == key.Algorithm))
        {
            File.Move(other.Path, Path.Combine(keys, other.Selector + Retired));
            retired.Add(other.Selector);
        }

        return retired;
    }

    /// <summary>Deletes a key that signs nothing.</summary>
    /// <returns>NotFound if there is no such key, Conflict if it signs.</returns>
    public static Outcome<StoredDkimKey> Remove(string folder, string domain, string selector)
    {
        if (List(folder, domain).FirstOrDefault(one => one.Selector == selector) is not { } key)
        {
            return DkimRefusals.NoKey(domain, selector);
        }

        if (key.State == DkimKeyState.Signing)
        {
            return DkimRefusals.Signs(domain, selector);
        }

        File.Delete(key.Path);
        return key;
    }

    /// <summary>The key files of a folder with the moment each was written, newest first.</summary>
    internal static IReadOnlyList<DkimKeyFile> FilesIn(string folder) => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateFiles(folder, "*.pem*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .Select(FileAt)
            .OfType<DkimKeyFile>()
            .OrderByDescending(file => file.WrittenAt)
            .ThenByDescending(file => file.Selector, StringComparer.Ordinal)];

    /// <summary>The key in a file, or what is wrong with it.</summary>
    internal static (DkimKey? Key, string Problem) Read(DkimKeyFile file)
    {
        try
        {
            return DkimKey.TryReadPem(File.ReadAllText(file.Path), out var key, out var problem) ? (key, "") : (null, problem);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return (null, failure.Message);
        }
    }

    private static DkimKeyFile? FileAt(string path)
    {
        var name = Path.GetFileName(path);
        foreach (var (ending, state) in new[] { (Signing, DkimKeyState.Signing), (Waiting, DkimKeyState.Waiting), (Retired, DkimKeyState.Retired) })
        {
            if (name.EndsWith(ending, StringComparison.Ordinal))
            {
                return new DkimKeyFile(Path.GetFileName(Path.GetDirectoryName(path)!), name[..^ending.Length], state, path, File.GetLastWriteTimeUtc(path));
            }
        }

        return null;
    }

    private static StoredDkimKey Describe(DkimKeyFile file)
    {
        var (key, problem) = Read(file);
        return new StoredDkimKey(
            file.Domain, file.Selector, file.State, file.Path, file.WrittenAt, key?.Algorithm, key is null ? null : DkimRecord.Of(key, file.Domain, file.Selector), problem);
    }

    private static string FreeSelector(IReadOnlyList<StoredDkimKey> known)
    {
        var number = 1;
        while (known.Any(one => one.Selector == string.Create(CultureInfo.InvariantCulture, $"tutti{number}")))
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
