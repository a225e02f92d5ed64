// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Tutti.Mail.Dkim;

namespace Tutti.Dst.Signing;

/// <summary>The DKIM keys in use: of each domain the newest.</summary>
internal sealed partial class DkimKeys(string folder, ILogger<DkimKeys> logger)
{
    private FrozenDictionary<string, DkimSigner> _keys = FrozenDictionary<string, DkimSigner>.Empty;
    private IReadOnlyList<DkimKeyFile> _seen = [];

    /// <summary>What signs for exactly this domain; null if there is no key. May be used by many threads.</summary>
    public DkimSigner? Find(string domain) => Volatile.Read(ref _keys).GetValueOrDefault(domain);

    /// <summary>Takes up what changed on disk. A key that cannot be read is reported; the domain keeps the one it had.</summary>
    public void Refresh()
    {
        var files = DkimKeyStore.FilesIn(folder);
        if (files.SequenceEqual(_seen))
        {
            return;
        }

        var keys = new Dictionary<string, DkimSigner>(StringComparer.OrdinalIgnoreCase);
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

    private DkimSigner? Read(DkimKeyFile file)
    {
        var problem = "";
        try
        {
            if (DkimKey.TryReadPem(File.ReadAllText(file.Path), out var key, out problem))
            {
                return new DkimSigner(key, file.Domain, file.Selector);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = failure.Message;
        }

        LogUnreadable(file.Path, problem);
        return _keys.GetValueOrDefault(file.Domain);
    }

    [LoggerMessage(5301, LogLevel.Information, "DKIM keys of {Count} domains are in use", EventName = "dst.signing.loaded")]
    private partial void LogLoaded(int count);

    [LoggerMessage(5302, LogLevel.Error, "The DKIM key {File} cannot be used: {Problem}", EventName = "dst.signing.unreadable")]
    private partial void LogUnreadable(string file, string problem);
}
