// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Smtp.Encryption;

/// <summary>The TXT record that says that a domain has a policy, and which (RFC 8461 §3.1).</summary>
internal static class StsRecord
{
    private const string Version = "v=STSv1";

    /// <summary>The id of the policy; null if the records, each with its strings joined, tell of none.</summary>
    public static string? IdIn(IEnumerable<string> records)
    {
        var own = records.Where(IsOne).ToList();
        return own is [var only] ? IdOf(only) : null;
    }

    private static bool IsOne(string record) =>
        record.StartsWith(Version, StringComparison.Ordinal) && record.AsSpan(Version.Length).TrimStart(" \t") is [';', ..];

    private static string? IdOf(string record)
    {
        foreach (var field in record.Split(';', StringSplitOptions.TrimEntries).Skip(1))
        {
            if (field.StartsWith("id=", StringComparison.Ordinal))
            {
                var id = field[3..];
                return id.Length is >= 1 and <= 32 && id.All(char.IsAsciiLetterOrDigit) ? id : null;
            }
        }

        return null;
    }
}
