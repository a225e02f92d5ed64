// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tutti.Contracts.Server.V1;

namespace Tutti.Commands.Links;

/// <summary>Rows of <c>tutti link check</c> for people and for scripts.</summary>
internal static class LinkReport
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>A table; below each row that is not good why, and what to do.</summary>
    public static string ToText(IReadOnlyList<LinkRow> rows, DateTimeOffset now)
    {
        List<string[]> table = [["FROM", "TO", "", "ADDRESS", "STATE", "TLS", "NAMES", "DAYS"]];
        table.AddRange(rows.Select(row => (string[])
        [
            row.FromComponent.Length == 0 ? row.FromHost : $"{row.FromHost} ({row.FromComponent})",
            $"{row.ToHost}:{row.ToPort}",
            row.To,
            Shown(row.Address),
            row.Good ? "good" : row.Code,
            Shown(row.TlsVersion),
            row.Names.Count == 0 ? "-" : string.Join(',', row.Names),
            DaysOf(row, now)?.ToString(CultureInfo.InvariantCulture) ?? "-",
        ]));
        var widths = Enumerable.Range(0, table[0].Length).Select(column => table.Max(line => line[column].Length)).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < table.Count; i++)
        {
            text.AppendLine(string.Join("  ", table[i].Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
            if (i > 0 && rows[i - 1] is { Good: false } bad)
            {
                text.Append("    ").AppendLine(bad.Problem);
            }
            else if (i > 0 && rows[i - 1].ClockOffsetMs != 0)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    Its clock differs from this server's by {rows[i - 1].ClockOffsetMs / 1000.0:0.0} s.");
            }
        }

        if (rows.All(row => row.FromComponent.Length == 0))
        {
            text.AppendLine("Nothing is dialled from here.");
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>One line of JSON.</summary>
    public static string ToJson(IReadOnlyList<LinkRow> rows, DateTimeOffset now) => JsonSerializer.Serialize(
        new
        {
            Good = rows.All(row => row.Good),
            Rows = rows.Select(row => new
            {
                row.FromHost,
                row.FromComponent,
                row.ToHost,
                row.ToPort,
                row.To,
                row.Address,
                row.Good,
                Tls = row.TlsVersion,
                row.Suite,
                Names = row.Names.ToArray(),
                row.Issuer,
                DaysLeft = DaysOf(row, now),
                row.ClockOffsetMs,
                row.Code,
                row.Problem,
            }),
        },
        _json);

    private static string Shown(string text) => text.Length == 0 ? "-" : text;

    private static int? DaysOf(LinkRow row, DateTimeOffset now) =>
        row.NotAfterMs == 0 ? null : (int)(DateTimeOffset.FromUnixTimeMilliseconds(row.NotAfterMs) - now).TotalDays;
}
