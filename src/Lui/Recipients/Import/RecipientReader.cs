// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tutti.Frame.Words;
using Tutti.Lui.Recipients.Columns;
using Tutti.Lui.Recipients.Csv;
using Tutti.Mail.Addresses;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients.Import;

/// <summary>The rules of a recipients file: which line is a recipient, which is set apart, and why. The first of equal ones wins.</summary>
/// <param name="csv">The file, at its start.</param>
/// <param name="source">Its columns.</param>
internal sealed class RecipientReader(CsvReader csv, RecipientSource source)
{
    private const int MaxName = 200;
    private const int MaxShown = 500;
    private const int MaxAddressBytes = 4 * EmailAddress.MaxLength;

    private readonly AddressSet _seen = new();
    private readonly ColumnReader _columns = new(csv, source.Columns, source.Rules ?? ColumnRules.Plain);
    private readonly char[] _given = new char[MaxAddressBytes];
    private readonly char[] _normalized = new char[EmailAddress.MaxLength];
    private bool _headerIsDue = source.Format.HasHeader;
    private long _lastId;

    /// <summary>The first line that was set apart as invalid, or null.</summary>
    public SetAside? FirstInvalid { get; private set; }

    /// <summary>Why the file as a whole cannot be used, found on the way; or null.</summary>
    public Refusal? Refused { get; private set; }

    /// <summary>Fills a chunk; false at the end of the file, and where it cannot be used.</summary>
    public bool Read(RecipientChunk chunk)
    {
        while (!chunk.IsFull && Refused is null)
        {
            if (!csv.Read())
            {
                return false;
            }

            if (csv.Problem != CsvProblem.None)
            {
                SetApart(chunk, SetAsideKind.Invalid, "", ReasonOf(csv.Problem));
            }
            else if (_headerIsDue)
            {
                _headerIsDue = false;
            }
            else if (csv.Count != source.Columns.Count)
            {
                SetApart(chunk, SetAsideKind.Invalid, "", SharedWords.Fill(RecipientsWords.WrongCount, csv.Count.ToString(CultureInfo.InvariantCulture), source.Columns.Count.ToString(CultureInfo.InvariantCulture)));
            }
            else
            {
                Take(chunk);
            }
        }

        return Refused is null;
    }

    private static string ReasonOf(CsvProblem problem) => problem switch
    {
        CsvProblem.None => "",
        CsvProblem.OpenQuote => RecipientsWords.OpenQuote,
        CsvProblem.TextAfterQuote => RecipientsWords.TextAfterQuote,
        CsvProblem.TooLong => SharedWords.Fill(RecipientsWords.LineTooLong, SharedWords.Number(CsvReader.MaxRecord / 1024)),
        CsvProblem.Nul => RecipientsWords.NulByte,
        CsvProblem.NotUtf8 => RecipientsWords.NotUtf8,
    };

    private void Take(RecipientChunk chunk)
    {
        var raw = csv[source.AddressColumn];
        if (raw.Length > MaxAddressBytes)
        {
            SetApart(chunk, SetAsideKind.Invalid, Shown(raw), AddressProblem.TooLong.InWords());
            return;
        }

        var given = _given.AsSpan(0, Encoding.UTF8.GetChars(raw, _given)).Trim(' ');
        var problem = EmailAddress.Normalize(given, _normalized, out var length);
        if (problem != AddressProblem.None)
        {
            SetApart(chunk, SetAsideKind.Invalid, Shown(raw), problem.InWords());
            return;
        }

        var normalized = _normalized.AsSpan(0, length);
        var misfit = _columns.MisfitOf();
        if (misfit is not null && _columns.Rules.SetsMisfitsApart)
        {
            SetApart(chunk, SetAsideKind.Invalid, Shown(raw), misfit);
            return;
        }

        if (_columns.Rules.Duplicates != DuplicateRule.None && !_seen.TryAdd(_columns.KeyOf(normalized, source.AddressColumn), csv.Line, out var firstLine))
        {
            chunk.Duplicates++;
            SetApart(chunk, SetAsideKind.Duplicate, Shown(raw), _columns.SameAs(firstLine));
            return;
        }

        Refused = _columns.Identify(source);
        if (Refused is not null)
        {
            return;
        }

        if (misfit is not null)
        {
            chunk.Misfits++;
            SetApart(chunk, SetAsideKind.Misfit, Shown(raw), misfit);
        }

        // Most addresses are in lower case already: then one value serves for both.
        var key = chunk.Write(normalized);
        var address = normalized.SequenceEqual(given) ? key : chunk.Write(TextOf(given));
        var name = source.NameColumn is { } column ? WriteName(csv[column], chunk) : default;
        var start = chunk.Written;
        FieldsJson.Write(csv, chunk.Bytes);
        chunk.Recipients.Add(new RecipientChunk.Row(++_lastId, address, key, name, new RecipientChunk.Text(start, chunk.Written - start)));
    }

    private static ReadOnlySpan<char> TextOf(ReadOnlySpan<char> given) =>
        EmailAddress.TryParse(given, out var address, out var problem) ? address.Text : throw new InvalidOperationException($"An address that was normalized does not parse: {problem}.");

    private void SetApart(RecipientChunk chunk, SetAsideKind kind, string address, string reason)
    {
        var line = new SetAside(csv.Line, kind, address, reason, Shown(csv.Raw));
        FirstInvalid ??= kind == SetAsideKind.Invalid ? line : null;
        chunk.SetAside.Add(line);
    }

    // A name goes into a header: no line breaks or other controls, and not without end.
    private static RecipientChunk.Text WriteName(ReadOnlySpan<byte> value, RecipientChunk chunk)
    {
        if (value.Length <= MaxName && !value.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return chunk.Write(value.Trim((byte)' '));
        }

        var name = string.Concat(Encoding.UTF8.GetString(value).Select(character => char.IsControl(character) ? ' ' : character)).Trim();
        return chunk.Write(name.AsSpan(0, name.Length <= MaxName ? name.Length : char.IsHighSurrogate(name[MaxName - 1]) ? MaxName - 1 : MaxName));
    }

    // What does not decode is shown as U+FFFD, and NUL too, which PostgreSQL cannot keep.
    private static string Shown(ReadOnlySpan<byte> raw)
    {
        var shown = Encoding.UTF8.GetString(raw.Length > MaxShown ? raw[..MaxShown] : raw).Replace('\0', '\uFFFD');
        return raw.Length > MaxShown ? shown + "…" : shown;
    }
}
