// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Tutti.Mail.Listserv;

/// <summary>
/// A job that has LISTSERV distribute one message: a mail to LISTSERV whose body is control cards, the recipients one a line, and the message as it is
/// (<c>DISTRIBUTE MAIL</c>, recipients marked BSMTP so that its header stays as it is).
/// </summary>
public sealed record DistributeJob
{
    /// <summary>Longest line of a data set, without its end.</summary>
    public const int LongestLine = 255;

    private const int LongestName = 8;

    /// <summary>Name of the job: letters and digits, at most eight.</summary>
    public required string Name { get; init; }

    /// <summary>The address in whose name the job runs; it stands in From, which LISTSERV goes by.</summary>
    public required string Account { get; init; }

    /// <summary>Its personal password.</summary>
    public required string Password { get; init; }

    /// <summary>Where the job goes: LISTSERV@host.</summary>
    public required string To { get; init; }

    /// <summary>Envelope sender of the message: where bounces go.</summary>
    public required string EnvelopeSender { get; init; }

    /// <summary>Who gets the message; bare addresses.</summary>
    public required IReadOnlyList<string> Recipients { get; init; }

    /// <summary>Asks LISTSERV for a DKIM signature of its own.</summary>
    public bool Dkim { get; init; }

    /// <summary>Goes into the mail's Date header, in UTC.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>Message-ID of the mail, in angle brackets; the same at every attempt.</summary>
    public required string MessageId { get; init; }

    /// <summary>Makes the mail up to where the message begins; the message follows as it is, to the end.</summary>
    /// <param name="message">The complete message, with CRLF line ends.</param>
    /// <param name="start">What stands in front of it.</param>
    /// <param name="problem">In words, why it cannot go this way; never the password.</param>
    public bool TryStart(ReadOnlySpan<byte> message, [NotNullWhen(true)] out byte[]? start, [NotNullWhen(false)] out string? problem)
    {
        start = null;
        problem = ProblemOfCards() ?? ProblemOf(message);
        if (problem is not null)
        {
            return false;
        }

        // A blank before the comma at the end of a line becomes the separator of the keywords. The last data set goes to the end of the mail:
        // nothing in the message can end it.
        start = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            From: <{Account}>
            To: <{To}>
            Subject: {Name}
            Date: {Date.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000
            Message-ID: {MessageId}
            MIME-Version: 1.0
            Content-Type: text/plain; charset=us-ascii
            Content-Transfer-Encoding: 7bit

            //{Name} JOB ECHO=NO
            // DISTRIBUTE MAIL ACK=NONE{(Dkim ? " DKIM=YES" : "")} ,
            // FROM={EnvelopeSender} ,
            // PW={Password}
            //TO DD *
            {string.Join('\n', Recipients.Select(recipient => recipient + " BSMTP"))}
            /*
            //DATA DD *,EOF

            """).ReplaceLineEndings("\r\n"));
        return true;
    }

    /// <summary>Whether a job can name an address: bare, without quotes and blanks, in ASCII, no asterisk in front.</summary>
    /// <param name="address">The address.</param>
    public static bool CanName(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return IsPlain(address) && !address.StartsWith('*');
    }

    private string? ProblemOfCards()
    {
        if (Name.Length is 0 or > LongestName || !Name.All(char.IsAsciiLetterOrDigit))
        {
            return $"A job's name has one to {LongestName} letters and digits.";
        }

        if (!ListservPassword.IsSound(Password))
        {
            return ListservPassword.Problem;
        }

        foreach (var address in (string[])[Account, To, EnvelopeSender])
        {
            if (!IsPlain(address))
            {
                return $"'{address}' cannot stand in a job for LISTSERV.";
            }
        }

        return Recipients.Count == 0
            ? "The job has no recipient."
            : !Recipients.All(CanName)
                ? "LISTSERV takes no address with quotes, blanks, characters beyond ASCII or an asterisk in front."
                : null;
    }

    private static bool IsPlain(string address) =>
        address.Length is > 2 and <= LongestLine - 20 && address.Contains('@', StringComparison.Ordinal) && !address.AsSpan().ContainsAnyExceptInRange('!', '~') && !address.AsSpan().ContainsAny("\"<>,");

    private static string? ProblemOf(ReadOnlySpan<byte> message)
    {
        if (!Ascii.IsValid(message))
        {
            return "The message has characters of 8 bits; a job for LISTSERV has none.";
        }

        foreach (var line in message.Split("\r\n"u8))
        {
            var (start, length) = line.GetOffsetAndLength(message.Length);
            if (length > LongestLine)
            {
                return $"The message has a line of {length} characters; a job for LISTSERV takes {LongestLine}. It begins with: {Encoding.ASCII.GetString(message.Slice(start, 30))}";
            }
        }

        return null;
    }
}
