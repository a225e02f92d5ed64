// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.Dst.SenderDomains;

namespace Tutti.Commands.SenderDomains;

/// <summary>Findings for people and for scripts.</summary>
internal static class FindingLines
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Prints one line each.</summary>
    /// <returns>Refused if there is an error among them.</returns>
    public static async Task<int> Print(IReadOnlyList<Finding> findings, bool json, TextWriter output)
    {
        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(findings.Select(finding => new { finding.Subject, Level = WordOf(finding.Level), finding.Text }), _json));
        }
        else
        {
            foreach (var finding in findings)
            {
                await output.WriteLineAsync($"{finding.Subject,-6}{WordOf(finding.Level),-9}{finding.Text}");
            }
        }

        return findings.Any(finding => finding.Level == FindingLevel.Error) ? ExitCode.Refused : ExitCode.Done;
    }

    private static string WordOf(FindingLevel level) => level switch
    {
        FindingLevel.Good => "good",
        FindingLevel.Unknown => "unknown",
        FindingLevel.Warning => "warning",
        FindingLevel.Error => "error",
    };
}
