// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text.Json;

namespace Tutti.Commands.Receipts;

/// <summary>A signed receipt on disk, checked without asking anybody: signature, sums, order. Memory does not grow with it.</summary>
internal sealed class ReceiptFile
{
    private const int LongestLine = 64 * 1024;
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    private ReceiptFile(Head about, Sum total) => (About, Total) = (about, total);

    /// <summary>The job.</summary>
    public Head About { get; }

    /// <summary>The sum.</summary>
    public Sum Total { get; }

    /// <summary>Reads and checks a file. Throws a <see cref="Complaint"/> that says what is wrong with it.</summary>
    /// <param name="path">The receipt.</param>
    /// <param name="keys">Public keys in PEM, one or more.</param>
    public static ReceiptFile Verify(string path, string keys)
    {
        using var file = File.OpenRead(path);
        var end = StartOfLastLine(file, path);
        CheckSignature(file, end, keys, path);
        file.Position = 0;
        using var reader = new StreamReader(new LimitedStream(file, end));
        var about = Read<Head>(reader.ReadLine(), path, 1);
        if (about.Receipt != "tutti-receipt-1")
        {
            throw Wrong(path, $"it says that it is a '{about.Receipt}', which this version does not know.");
        }

        return new ReceiptFile(about, CheckSums(reader, path));
    }

    private static Sum CheckSums(StreamReader reader, string path)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var (before, number) = (0L, 1);
        while (true)
        {
            number++;
            var text = reader.ReadLine() ?? throw Wrong(path, "it ends without its sum.");
            var line = Read<Line>(text, path, number);
            if (line.Fate is null)
            {
                var sum = Read<Sum>(text, path, number);
                var isWhole = sum.Terms.All(term => counts.GetValueOrDefault(term.Fate) == term.Count) && sum.Planned == counts.Values.Sum() && reader.ReadLine() is null;
                return isWhole ? sum : throw Wrong(path, "its sum is not that of its lines.");
            }

            if (line.Id <= before)
            {
                throw Wrong(path, $"line {number} names a recipient out of order or twice.");
            }

            before = line.Id;
            counts[line.Fate] = counts.GetValueOrDefault(line.Fate) + 1;
        }
    }

    private static long StartOfLastLine(FileStream file, string path)
    {
        var length = (int)Math.Min(file.Length, LongestLine);
        var tail = new byte[length];
        file.Position = file.Length - length;
        file.ReadExactly(tail);
        var last = length < 2 || tail[^1] != (byte)'\n' ? -1 : tail.AsSpan(0, length - 1).LastIndexOf((byte)'\n');
        return last >= 0 ? file.Length - length + last + 1 : throw Wrong(path, "its last line is no signature. It was cut off, or it is no signed receipt.");
    }

    private static void CheckSignature(FileStream file, long end, string keys, string path)
    {
        file.Position = end;
        var last = new byte[file.Length - end];
        file.ReadExactly(last);
        var signature = Read<Seal>(System.Text.Encoding.UTF8.GetString(last), path, null).Signature ?? throw Wrong(path, "its last line is no signature. It was cut off, or it is no signed receipt.");
        file.Position = 0;
        var hash = SHA256.HashData(new LimitedStream(file, end));
        var bytes = new byte[signature.Length];
        var isBase64 = Convert.TryFromBase64String(signature, bytes, out var length);
        if (!isBase64 || !PublicKeys(keys).Any(key => Verifies(key, hash, bytes.AsSpan(0, length))))
        {
            throw Wrong(path, "the signature is not that of this key. It was changed, or another installation made it.");
        }
    }

    private static bool Verifies(string key, byte[] hash, ReadOnlySpan<byte> signature)
    {
        using var verifier = ECDsa.Create();
        try
        {
            verifier.ImportFromPem(key);
        }
        catch (Exception problem) when (problem is ArgumentException or CryptographicException)
        {
            throw new Complaint(ExitCode.Refused, "The key file holds no public key for receipts. Get it with: tutti receipt key --server URL");
        }

        return verifier.VerifyHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static List<string> PublicKeys(string pem)
    {
        var keys = new List<string>();
        for (var rest = pem.AsSpan(); PemEncoding.TryFind(rest, out var found); rest = rest[found.Location.End..])
        {
            keys.Add(rest[found.Location].ToString());
        }

        return keys.Count > 0 ? keys : throw new Complaint(ExitCode.Refused, "The key file holds no public key for receipts. Get it with: tutti receipt key --server URL");
    }

    private static T Read<T>(string? line, string path, int? number)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line ?? "", _json) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw Wrong(path, number is null ? "its last line is no signature. It was cut off, or it is no signed receipt." : $"line {number} cannot be read.");
        }
    }

    private static Complaint Wrong(string path, string what) => new(ExitCode.Refused, $"{path} is not valid: {what}");

    /// <summary>The first line.</summary>
    internal sealed record Head(string? Receipt, string Job, string Title, string State, DateTimeOffset Made, string Key, bool Simulated = false);

    /// <summary>The sum of all recipients.</summary>
    internal sealed record Sum(long Planned, long Accepted, long Refused, long Expired, long Suppressed, long Withdrawn, long InDoubt, long Waiting)
    {
        /// <summary>Its terms by the words of the lines.</summary>
        public IEnumerable<(string Fate, long Count)> Terms =>
        [
            ("accepted", Accepted), ("refused", Refused), ("expired", Expired), ("suppressed", Suppressed), ("withdrawn", Withdrawn), ("in-doubt", InDoubt), ("waiting", Waiting),
        ];
    }

    private sealed record Line(long Id, string? Fate);

    private sealed record Seal(string? Signature);
}
