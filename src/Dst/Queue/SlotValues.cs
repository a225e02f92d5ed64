// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tutti.Dst.Queue;

/// <summary>The values of a recipient as they lie in the database: each with its length in front, UTF-8; behind them what stands for the recipient in links, if anything does.</summary>
internal static class SlotValues
{
    private const byte Permitted = 1;
    private const byte Traced = 2;

    /// <summary>Puts values together; null if there is nothing.</summary>
    /// <param name="values">The values.</param>
    /// <param name="permits">Whether opens and clicks may carry the recipient's token.</param>
    /// <param name="trace">What they carry instead.</param>
    public static byte[]? Pack(IReadOnlyList<string> values, bool permits = false, ulong? trace = null)
    {
        if (values.Count == 0 && !permits && trace is null)
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

        if (permits)
        {
            writer.Write(Permitted);
        }
        else if (trace is { } number)
        {
            writer.Write(Traced);
            writer.Write(number);
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>Takes values apart.</summary>
    public static string[] Unpack(byte[]? bytes) => Unpack(bytes, out _, out _);

    /// <summary>Takes values and what stands for the recipient apart.</summary>
    public static string[] Unpack(byte[]? bytes, out bool permits, out ulong? trace)
    {
        permits = false;
        trace = null;
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

        if (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            permits = reader.ReadByte() == Permitted;
            trace = permits ? null : reader.ReadUInt64();
        }

        return values;
    }
}
