// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Tutti.Mail.Listserv;

/// <summary>A line of a list's change log: <c>YYYYMMDDHHMMSS EVENT address rest</c>.</summary>
/// <param name="At">In the time of LISTSERV's host, which the line does not name.</param>
/// <param name="Event">ADD, BOUNCE, SOFTBOUNCE, AUTODEL and so on, in capitals.</param>
/// <param name="Address">Whom it is about.</param>
/// <param name="Rest">What else it says; may be empty.</param>
public sealed record ChangeLogLine(DateTime At, string Event, string Address, string Rest)
{
    /// <summary>A permanent error of a mailing.</summary>
    public const string Bounce = "BOUNCE";

    /// <summary>Any other error of a mailing.</summary>
    public const string SoftBounce = "SOFTBOUNCE";

    /// <summary>A subscriber that LISTSERV took off the list because of errors.</summary>
    public const string AutoDelete = "AUTODEL";

    /// <summary>Reads a line.</summary>
    public static bool TryRead(string line, [NotNullWhen(true)] out ChangeLogLine? read)
    {
        ArgumentNullException.ThrowIfNull(line);
        var words = line.Trim().Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
        read = words.Length >= 3
            && DateTime.TryParseExact(words[0], "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            && words[1].All(char.IsAsciiLetter)
                ? new ChangeLogLine(at, words[1].ToUpperInvariant(), words[2], words.Length > 3 ? words[3].Trim() : "")
                : null;
        return read is not null;
    }
}
