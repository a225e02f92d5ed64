// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Lui.Recipients.Csv;

namespace Tutti.Lui.Recipients.Waterfalls;

/// <summary>The people behind a step as a file.</summary>
internal sealed class WritePeople(WaterfallStore store)
{
    private static readonly string[] _header = ["NUMBER", "ADDRESS", "NAME", "REASON", "SINCE"];

    /// <summary>Writes them as CSV, while they are read.</summary>
    public async Task Handle(WaterfallScope scope, WaterfallStep step, string search, Stream destination, CancellationToken cancellationToken)
    {
        await using var csv = new CsvWriter(destination);
        await csv.Write(_header);
        await foreach (var person in store.AllPeople(scope, step, search, cancellationToken))
        {
            await csv.Write(
            [
                person.Key.ToString(CultureInfo.InvariantCulture),
                person.Address,
                person.Name,
                person.Reason,
                person.At?.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) ?? "",
            ]);
        }
    }
}
