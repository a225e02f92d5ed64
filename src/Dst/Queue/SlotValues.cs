// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tutti.Dst.Queue;

/// <summary>The values of a recipient as they lie in the database: each with its length in front, UTF-8.</summary>
internal static class SlotValues
{
    /// <summary>Puts values together; null if there are none.</summary>
    public static byte[]? Pack(IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write7BitEncodedInt(values.Count);
        foreach (var value in values)
        {
            writer.Write(value);
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>Takes values apart.</summary>
    public static string[] Unpack(byte[]? bytes)
    {
        if (bytes is null)
        {
            return [];
        }

        using var reader = new BinaryReader(new MemoryStream(bytes, writable: false), Encoding.UTF8);
        var values = new string[reader.Read7BitEncodedInt()];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = reader.ReadString();
        }

        return values;
    }
}
