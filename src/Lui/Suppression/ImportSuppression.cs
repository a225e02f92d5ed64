// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients.Csv;
using Tutti.Mail.Addresses;

namespace Tutti.Lui.Suppression;

/// <summary>What came of a file of addresses.</summary>
/// <param name="New">Addresses that were not on the list.</param>
/// <param name="Known">Addresses that were on it already, or stand twice in what came.</param>
/// <param name="SetApart">Lines that hold no address, with line and reason; the first hundred.</param>
internal sealed record SuppressionImport(int New, int Known, IReadOnlyList<SuppressionImport.Line> SetApart)
{
    /// <summary>A line that could not be used.</summary>
    internal sealed record Line(long Number, string Reason);
}

/// <summary>Puts the addresses of a CSV file on the suppression list; lines without an address are named, the others count.</summary>
internal sealed class ImportSuppression(SuppressionStore store, TimeProvider clock)
{
    private const int MostNamed = 100;
    private const int Step = 2000;
    private const int MostReason = 200;

    public async Task<SuppressionImport> Handle(Stream csv, Actor who, CancellationToken cancellationToken)
    {
        // The reader of records works on whole memory, so the body is taken in first.
        using var body = new MemoryStream();
        await csv.CopyToAsync(body, cancellationToken);
        body.Position = 0;
        if (body.Length >= 3 && body.GetBuffer().AsSpan(0, 3).SequenceEqual(Encoding.UTF8.Preamble))
        {
            body.Position = 3;
        }

        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var setApart = new List<SuppressionImport.Line>();
        var entries = Read(body, now, who, setApart).ToList();
        var added = 0;
        foreach (var step in entries.Chunk(Step))
        {
            added += await store.Add(step, cancellationToken);
        }

        return new SuppressionImport(added, entries.Count - added, setApart);
    }

    private static IEnumerable<SuppressedAddress> Read(Stream body, long now, Actor who, List<SuppressionImport.Line> setApart)
    {
        using var reader = new CsvReader(body, (byte)',', (byte)'"');
        var (addressColumn, reasonColumn) = (0, 1);
        var first = true;
        while (reader.Read())
        {
            if (first && reader.Problem == CsvProblem.None && !EmailAddress.TryParse(Text(reader, 0), out _, out _))
            {
                (addressColumn, reasonColumn) = Header(reader);
                first = false;
                continue;
            }

            first = false;
            if (reader.Problem == CsvProblem.None && EmailAddress.TryParse(Text(reader, addressColumn), out var address, out var problem))
            {
                var reason = Text(reader, reasonColumn).Trim();
                yield return new SuppressedAddress(
                    address.Normalized,
                    reason.Length is 0 or > MostReason || reason.Any(char.IsControl) ? SharedWords.Fill(SuppressionWords.AddedBy, who.Name) : reason,
                    "person",
                    now);
            }
            else if (setApart.Count < MostNamed)
            {
                _ = EmailAddress.TryParse(Text(reader, addressColumn), out _, out problem);
                setApart.Add(new SuppressionImport.Line(reader.Line, reader.Problem == CsvProblem.None ? problem.InWords() : SuppressionWords.LineUnreadable));
            }
        }
    }

    private static (int Address, int Reason) Header(CsvReader reader)
    {
        var names = Enumerable.Range(0, reader.Count).Select(index => Text(reader, index)).ToList();
        var address = names.FindIndex(name => name.Contains("mail", StringComparison.OrdinalIgnoreCase) || name.Contains("address", StringComparison.OrdinalIgnoreCase));
        return (Math.Max(address, 0), names.FindIndex(name => name.Contains("reason", StringComparison.OrdinalIgnoreCase)));
    }

    private static string Text(CsvReader reader, int index) =>
        reader.Problem == CsvProblem.None && index >= 0 && index < Math.Min(reader.Count, CsvReader.MaxColumns) ? Encoding.UTF8.GetString(reader[index]) : "";
}
