// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Lui.Recipients.Csv;

namespace Tutti.Lui.Recipients;

/// <summary>The sets as files: valid recipients with all their columns, and the lines that were set apart or should be looked at, with their reasons.</summary>
internal sealed class DownloadRecipients(RecipientStore recipients)
{
    private static readonly string[] _setAsideHeader = ["LINE", "REASON", "ADDRESS", "RAW"];

    /// <summary>Writes the valid recipients; the file can be uploaded again and gives the same set.</summary>
    public async Task Valid(RecipientSource source, Stream destination, CancellationToken cancellationToken)
    {
        await using var csv = new CsvWriter(destination);
        await Valid(source, csv, cancellationToken);
    }

    /// <summary>The same behind what was written before.</summary>
    public async Task Valid(RecipientSource source, CsvWriter rows, CancellationToken cancellationToken)
    {
        await rows.Write(source.Columns);
        await foreach (var recipient in recipients.ReadAll(source.Id, cancellationToken))
        {
            await rows.Write(recipient.Fields);
        }
    }

    /// <summary>Writes the lines of a kind that were set apart or should be looked at.</summary>
    public async Task SetAside(RecipientSource source, SetAsideKind kind, CsvWriter rows, CancellationToken cancellationToken)
    {
        await rows.Write(_setAsideHeader);
        await foreach (var line in recipients.ReadAllSetAside(source.Id, kind, cancellationToken))
        {
            await rows.Write([line.Line.ToString(CultureInfo.InvariantCulture), line.Reason, line.Address, line.Raw]);
        }
    }
}
