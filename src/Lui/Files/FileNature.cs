// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Text;

namespace Tutti.Lui.Files;

/// <summary>What a file is, told by its first bytes; its name only decides where the bytes leave it open.</summary>
/// <param name="ContentType">Media type with its parameters.</param>
/// <param name="IsPicture">Every mail program shows it: PNG, JPEG, GIF or WebP.</param>
/// <param name="Danger">Why receivers may refuse it; null if nothing is known against it.</param>
internal sealed record FileNature(string ContentType, bool IsPicture, FileDanger? Danger)
{
    private const string Unknown = "application/octet-stream";
    private const string Zip = "application/zip";

    private static readonly (byte[] Start, int At, string Type)[] _starts =
    [
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], 0, "image/png"), ([0xFF, 0xD8, 0xFF], 0, "image/jpeg"), ("GIF8"u8.ToArray(), 0, "image/gif"),
        ("WEBP"u8.ToArray(), 8, "image/webp"), ("%PDF-"u8.ToArray(), 0, "application/pdf"), ("PK\u0003\u0004"u8.ToArray(), 0, Zip), ("MZ"u8.ToArray(), 0, "application/x-msdownload"),
        ([0x7F, 0x45, 0x4C, 0x46], 0, "application/x-executable"), ([0xD0, 0xCF, 0x11, 0xE0], 0, "application/x-ole-storage"), ([0x1F, 0x8B], 0, "application/gzip"),
        ("Rar!"u8.ToArray(), 0, "application/vnd.rar"), ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], 0, "application/x-7z-compressed"), ("ID3"u8.ToArray(), 0, "audio/mpeg"),
        ("ftyp"u8.ToArray(), 4, "video/mp4"),
    ];

    // What a container or plain text is, by the end of its name.
    private static readonly FrozenDictionary<string, string> _containers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [".pptx"] = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        [".odt"] = "application/vnd.oasis.opendocument.text",
        [".ods"] = "application/vnd.oasis.opendocument.spreadsheet",
        [".epub"] = "application/epub+zip",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> _texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".csv"] = "text/csv",
        [".ics"] = "text/calendar",
        [".vcf"] = "text/vcard",
        [".html"] = "text/html",
        [".htm"] = "text/html",
        [".svg"] = "image/svg+xml",
        [".xml"] = "application/xml",
        [".json"] = "application/json",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    // What the large mailbox operators refuse, or open by a double click.
    private static readonly FrozenSet<string> _programs = new[]
    {
        ".ade", ".adp", ".apk", ".appx", ".bat", ".cab", ".chm", ".cmd", ".com", ".cpl", ".dll", ".dmg", ".exe", ".hta", ".img", ".ins", ".iso", ".isp", ".jar", ".js", ".jse", ".lib",
        ".lnk", ".mde", ".msc", ".msi", ".msix", ".msp", ".mst", ".nsh", ".pif", ".ps1", ".reg", ".scr", ".sct", ".sh", ".shb", ".sys", ".url", ".vb", ".vbe", ".vbs", ".vhd", ".vxd",
        ".wsc", ".wsf", ".wsh", ".xll",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> _macros = new[] { ".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".pptm", ".potm", ".ppsm", ".doc", ".xls", ".ppt" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> _archives = new[] { Zip, "application/gzip", "application/vnd.rar", "application/x-7z-compressed" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Looks at a file.</summary>
    public static FileNature Of(string name, ReadOnlySpan<byte> content)
    {
        var end = Path.GetExtension(name);
        var type = TypeOf(end, content);
        var danger = _programs.Contains(end) || type is "application/x-msdownload" or "application/x-executable" ? FileDanger.Program
            : _macros.Contains(end) ? FileDanger.Macros
            : type.StartsWith("text/html", StringComparison.Ordinal) || type.StartsWith("image/svg", StringComparison.Ordinal) ? FileDanger.Page
            : _archives.Contains(type) ? FileDanger.Archive
            : (FileDanger?)null;
        return new FileNature(type, type is "image/png" or "image/jpeg" or "image/gif" or "image/webp", danger);
    }

    private static string TypeOf(string end, ReadOnlySpan<byte> content)
    {
        foreach (var (start, at, type) in _starts)
        {
            if (content.Length >= at + start.Length && content.Slice(at, start.Length).SequenceEqual(start))
            {
                return type == Zip ? _containers.GetValueOrDefault(end, type) : type;
            }
        }

        return IsText(content) ? _texts.GetValueOrDefault(end, "text/plain") + "; charset=utf-8" : Unknown;
    }

    private static bool IsText(ReadOnlySpan<byte> content)
    {
        try
        {
            return !content.Contains((byte)0) && new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(content) >= 0;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}

/// <summary>Why receivers may refuse a file.</summary>
internal enum FileDanger
{
    /// <summary>It can be run.</summary>
    Program,

    /// <summary>An office document that may hold macros.</summary>
    Macros,

    /// <summary>A page that may hold scripts.</summary>
    Page,

    /// <summary>An archive, into which filters look.</summary>
    Archive,
}
