// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Tutti.Mail.Dkim;

namespace Tutti.Dst.Signing;

/// <summary>The DKIM keys that sign: of each domain and algorithm the newest that is in use, RSA before Ed25519.</summary>
internal sealed partial class DkimKeys(string folder, ILogger<DkimKeys> logger)
{
    private FrozenDictionary<string, DkimSigner[]> _keys = FrozenDictionary<string, DkimSigner[]>.Empty;
    private IReadOnlyList<DkimKeyFile> _seen = [];

    /// <summary>What signs for exactly this domain; empty if there is no key. May be used by many threads.</summary>
    public ReadOnlySpan<DkimSigner> Find(string domain) => Volatile.Read(ref _keys).GetValueOrDefault(domain);

    /// <summary>Takes up what changed on disk. A key that cannot be read is reported; the domain keeps those it had.</summary>
    public void Refresh()
    {
        var files = DkimKeyStore.FilesIn(folder);
        if (files.SequenceEqual(_seen))
        {
            return;
        }

        var keys = files
            .Where(file => file.State == DkimKeyState.Signing)
            .GroupBy(file => file.Domain, StringComparer.OrdinalIgnoreCase)
            .Select(domain => (Domain: domain.Key, Signers: SignersOf(domain)))
            .Where(domain => domain.Signers.Length > 0)
            .ToFrozenDictionary(domain => domain.Domain, domain => domain.Signers, StringComparer.OrdinalIgnoreCase);
        _seen = files;
        Volatile.Write(ref _keys, keys);
        LogLoaded(keys.Count);
    }

    private DkimSigner[] SignersOf(IGrouping<string, DkimKeyFile> files)
    {
        var before = _keys.GetValueOrDefault(files.Key) ?? [];
        var signers = new SortedDictionary<DkimAlgorithm, DkimSigner>();
        foreach (var file in files)
        {
            var (key, problem) = DkimKeyStore.Read(file);
            if (key is not null)
            {
                signers.TryAdd(key.Algorithm, new DkimSigner(key, file.Domain, file.Selector));
            }
            else
            {
                LogUnreadable(file.Path, problem);
            }
        }

        foreach (var signer in before)
        {
            // A key that has become unreadable goes on as long as this process lives, unless another one took its place.
            if (files.Any(file => file.Selector == signer.Selector))
            {
                signers.TryAdd(signer.Algorithm, signer);
            }
        }

        return [.. signers.Values];
    }

    [LoggerMessage(5301, LogLevel.Information, "DKIM keys of {Count} domains are in use", EventName = "dst.signing.loaded")]
    private partial void LogLoaded(int count);

    [LoggerMessage(5302, LogLevel.Error, "The DKIM key {File} cannot be used: {Problem}", EventName = "dst.signing.unreadable")]
    private partial void LogUnreadable(string file, string problem);
}
