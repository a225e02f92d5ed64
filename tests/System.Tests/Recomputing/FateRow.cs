// SPDX-License-Identifier: Apache-2.0
namespace Tutti.System.Tests.Recomputing;

/// <summary>One line of <c>tutti job recipients --csv</c>.</summary>
public sealed record FateRow(string Address, string Fate, string Time, string Reply)
{
    /// <summary>Reads the CSV: a header, then one line per recipient; quotes as RFC 4180 has them.</summary>
    public static List<FateRow> Read(string csv)
    {
        var lines = Records(csv).ToList();
        Assert.Equal(["address", "fate", "time", "reply"], lines[0].Take(4));
        return [.. lines.Skip(1).Select(fields => new FateRow(fields[0], fields[1], fields[2], fields[3]))];
    }

    private static IEnumerable<List<string>> Records(string csv)
    {
        var record = new List<string>();
        var field = new global::System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < csv.Length; i++)
        {
            var character = csv[i];
            if (quoted)
            {
                if (character != '"')
                {
                    field.Append(character);
                }
                else if (i + 1 < csv.Length && csv[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (character == '"')
            {
                quoted = true;
            }
            else if (character is ',' or '\n')
            {
                record.Add(field.ToString());
                field.Clear();
                if (character == '\n')
                {
                    yield return record;
                    record = [];
                }
            }
            else if (character != '\r')
            {
                field.Append(character);
            }
        }

        if (record.Count > 0 || field.Length > 0)
        {
            record.Add(field.ToString());
            yield return record;
        }
    }
}
