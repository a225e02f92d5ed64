// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Tutti.Lui.Archives.Format;

/// <summary>Looks at the end of a ZIP before anybody reads its directory: one that lists millions of names is refused without holding them in memory.</summary>
internal static class ZipFrame
{
    private const int EndLength = 22;
    private const uint EndMark = 0x06054b50;
    private const uint LocatorMark = 0x07064b50;
    private const uint WideEndMark = 0x06064b50;
    private const int LongestComment = 65_535;
    private const int LocatorLength = 20;
    private const int WideEndLength = 56;

    /// <summary>Bytes from the beginning of the directory to the end of the file, or null if that is no ZIP.</summary>
    public static long? DirectoryLength(Stream file)
    {
        var tail = new byte[(int)Math.Min(file.Length, EndLength + LongestComment)];
        var start = file.Length - tail.Length;
        ReadAt(file, start, tail);
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) == EndMark)
            {
                long offset = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
                return offset == uint.MaxValue ? Wide(file, start + at) : Within(file, offset);
            }
        }

        return null;
    }

    private static long? Wide(Stream file, long end)
    {
        if (end < LocatorLength + WideEndLength)
        {
            return null;
        }

        var locator = new byte[LocatorLength];
        ReadAt(file, end - LocatorLength, locator);
        var at = BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8));
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != LocatorMark || at < 0 || at > file.Length - WideEndLength)
        {
            return null;
        }

        var wide = new byte[WideEndLength];
        ReadAt(file, at, wide);
        return BinaryPrimitives.ReadUInt32LittleEndian(wide) == WideEndMark ? Within(file, BinaryPrimitives.ReadInt64LittleEndian(wide.AsSpan(48))) : null;
    }

    private static long? Within(Stream file, long offset) => offset >= 0 && offset <= file.Length ? file.Length - offset : null;

    private static void ReadAt(Stream file, long at, byte[] bytes)
    {
        file.Position = at;
        file.ReadExactly(bytes);
    }
}
