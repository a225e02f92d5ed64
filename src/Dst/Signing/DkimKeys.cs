using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Tutti.Dst.Signing;

/// <summary>The DKIM keys in use: of each domain the newest.</summary>
internal sealed partial class DkimKeys(string folder, ILogger<DkimKeys> logger)
{
    private FrozenDictionary<string, DkimKey> _keys = FrozenDictionary<string, DkimKey>.Empty;
    private IReadOnlyList<DkimKeyFile> _seen = [];

    /// <summary>The key that signs for exactly this domain; null if there is none.</summary>
    public DkimKey? Find(string domain) => Volatile.Read(ref _keys).GetValueOrDefault(domain);

    /// <summary>Takes up what changed on disk. A key that cannot be read is reported; the domain keeps the one it had, or an older one.</summary>
    public void Refresh()
    {
        var files = DkimKeyStore.FilesIn(folder);
        if (files.SequenceEqual(_seen))
        {
            return;
        }

        var keys = new Dictionary<string, DkimKey>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in files)
        {
            if (!keys.ContainsKey(file.Domain) && Read(file) is { } key)
            {
                keys.Add(file.Domain, key);
            }
        }

        _seen = files;
        Volatile.Write(ref _keys, keys.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
        LogLoaded(keys.Count);
    }

    private DkimKey? Read(DkimKeyFile file)
    {
        try
        {
            return DkimKeyStore.Read(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            LogUnreadable(file.Path, failure.Message);
            return _keys.GetValueOrDefault(file.Domain) is { } old && old.Selector == file.Selector ? old : null;
        }
    }

    [LoggerMessage(5301, LogLevel.Information, "DKIM keys of {Count} domains are in use", EventName = "dst.signing.loaded")]
    private partial void LogLoaded(int count);

    [LoggerMessage(5302, LogLevel.Error, "The DKIM key {File} cannot be used: {Problem}", EventName = "dst.signing.unreadable")]
    private partial void LogUnreadable(string file, string problem);
}
