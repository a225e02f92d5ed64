// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Files;

/// <summary>Uploads between their arrival and their import: files in the component's data folder, written as they come in.</summary>
internal sealed class UploadFolder(ComponentFolder folder, UploadSettings settings, TimeProvider clock)
{
    private const int Block = 128 * 1024;
    private readonly string _path = Path.Combine(folder.Data, "uploads");
    private readonly ConcurrentDictionary<string, bool> _ownNames = new(StringComparer.Ordinal);

    /// <summary>Largest upload in bytes.</summary>
    public long MaxSize => settings.MaxUploadMegabytes * 1024L * 1024L;

    /// <summary>Writes what comes in to a new file. A broken transfer leaves nothing.</summary>
    public async Task<Outcome<Upload>> Take(Stream content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_path);
        var name = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
        _ownNames[name] = true;
        var (size, isKept) = (0L, false);
        var buffer = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            await using var file = new FileStream(PathOf(name), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                size += read;
                if (size > MaxSize)
                {
                    return new Refusal(
                        RefusalKind.Invalid,
                        "upload.too-large",
                        string.Create(CultureInfo.InvariantCulture, $"The file is larger than {settings.MaxUploadMegabytes:N0} MiB. An administrator can allow more (MaxUploadMegabytes)."),
                        "file");
                }

                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            isKept = true;
            return new Upload(name, size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (!isKept)
            {
                Remove(name);
            }
        }
    }

    /// <summary>Absolute path of an upload.</summary>
    public string PathOf(string name) => Path.Combine(_path, Path.GetFileName(name));

    /// <summary>Whether an upload is there.</summary>
    public bool Has(string name) => File.Exists(PathOf(name));

    /// <summary>Removes an upload, if it is there.</summary>
    public void Remove(string name) => File.Delete(PathOf(name));

    /// <summary>Removes what former processes left behind and nobody needs. Uploads of this process are left alone: they may be on their way in.</summary>
    public void RemoveLeftovers(IReadOnlySet<string> needed)
    {
        if (!Directory.Exists(_path))
        {
            return;
        }

        foreach (var path in Directory.EnumerateFiles(_path).ToList())
        {
            var name = Path.GetFileName(path);
            if (!needed.Contains(name) && !_ownNames.ContainsKey(name))
            {
                File.Delete(path);
            }
        }
    }
}

/// <summary>A file that arrived.</summary>
/// <param name="Name">Its name in the folder of uploads.</param>
/// <param name="Size">In bytes.</param>
internal sealed record Upload(string Name, long Size);
