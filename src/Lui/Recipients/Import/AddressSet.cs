// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tutti.Lui.Recipients.Import;

/// <summary>
/// The addresses seen so far and the lines where they stood first. Exact, and small: about 45 bytes an address, so that
/// ten million fit where a set of strings would need gigabytes.
/// </summary>
internal sealed class AddressSet
{
    private const int BlockSize = 1 << 20;
    private const int EntryHead = sizeof(long) + 1;

    private readonly List<byte[]> _blocks = [];
    private int _used = BlockSize;
    private uint[] _hashes = new uint[1024];
    private uint[] _entries = new uint[1024];

    /// <summary>How many different addresses there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an address, or tells in which line it stood first.</summary>
    /// <param name="normalized">Normalised, ASCII, at most 255 characters.</param>
    /// <param name="line">Where it stands.</param>
    /// <param name="firstLine">Where it stood first; this line if it is new.</param>
    /// <returns>True if it is new.</returns>
    public bool TryAdd(ReadOnlySpan<char> normalized, long line, out long firstLine)
    {
        Span<byte> bytes = stackalloc byte[byte.MaxValue];
        bytes = bytes[..Encoding.ASCII.GetBytes(normalized, bytes)];
        var hash = (uint)string.GetHashCode(normalized, StringComparison.Ordinal);
        var mask = (uint)_entries.Length - 1;
        var slot = hash & mask;
        for (; _entries[slot] != 0; slot = (slot + 1) & mask)
        {
            if (_hashes[slot] == hash && Matches(_entries[slot], bytes, out firstLine))
            {
                return false;
            }
        }

        firstLine = line;
        _hashes[slot] = hash;
        _entries[slot] = Append(bytes, line);
        if (++Count > _entries.Length / 10 * 7)
        {
            Grow();
        }

        return true;
    }

    // An entry's number is its place in units of 4 bytes, plus 1, so that 16 GiB can be addressed and 0 means none.
    private uint Append(ReadOnlySpan<byte> address, long line)
    {
        var size = (EntryHead + address.Length + 3) & ~3;
        if (_used + size > BlockSize)
        {
            _blocks.Add(new byte[BlockSize]);
            _used = 0;
        }

        var entry = _blocks[^1].AsSpan(_used, size);
        BitConverter.TryWriteBytes(entry, line);
        entry[sizeof(long)] = (byte)address.Length;
        address.CopyTo(entry[EntryHead..]);
        var number = (uint)((((long)(_blocks.Count - 1) * BlockSize) + _used) / 4) + 1;
        _used += size;
        return number;
    }

    private bool Matches(uint number, ReadOnlySpan<byte> address, out long line)
    {
        var place = (long)(number - 1) * 4;
        var entry = _blocks[(int)(place / BlockSize)].AsSpan((int)(place % BlockSize));
        line = BitConverter.ToInt64(entry);
        return entry[sizeof(long)] == address.Length && entry.Slice(EntryHead, address.Length).SequenceEqual(address);
    }

    private void Grow()
    {
        var (hashes, entries) = (_hashes, _entries);
        _hashes = new uint[hashes.Length * 2];
        _entries = new uint[entries.Length * 2];
        var mask = (uint)_entries.Length - 1;
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i] != 0)
            {
                var slot = hashes[i] & mask;
                while (_entries[slot] != 0)
                {
                    slot = (slot + 1) & mask;
                }

                (_hashes[slot], _entries[slot]) = (hashes[i], entries[i]);
            }
        }
    }
}
