// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Tutti.Mail.Transfer;

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

    /// <summary>Writes the mail.</summary>
    /// <param name="output">Gets it, with CRLF line ends; nothing if there is a problem.</param>
    /// <param name="message">The complete message.</param>
    /// <param name="problem">In words, why it cannot go this way; never the password.</param>
    public bool TryWrite(IBufferWriter<byte> output, ReadOnlySpan<byte> message, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(output);
        problem = ProblemOfCards() ?? ProblemOf(message);
        if (problem is not null)
        {
            return false;
        }

        var writer = new ByteWriter(output);
        writer.WriteAscii(string.Create(CultureInfo.InvariantCulture, $"From: <{Account}>\r\nTo: <{To}>\r\nSubject: {Name}\r\nDate: {Date.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000\r\nMessage-ID: {MessageId}\r\n"));
        writer.Write("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"u8);

        // A blank before the comma at the end of a line becomes the separator of the keywords.
        writer.WriteAscii($"//{Name} JOB ECHO=NO\r\n// DISTRIBUTE MAIL ACK=NONE{(Dkim ? " DKIM=YES" : "")} ,\r\n// FROM={EnvelopeSender} ,\r\n// PW={Password}\r\n");
        writer.Write("//TO DD *\r\n"u8);
        foreach (var recipient in Recipients)
        {
            writer.WriteAscii($"{recipient} BSMTP\r\n");
        }

        // To the end of the mail: nothing in the message can end it.
        writer.Write("/*\r\n//DATA DD *,EOF\r\n"u8);
        writer.Write(message);
        writer.Flush();
        return true;
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
            : Recipients.FirstOrDefault(recipient => !IsPlain(recipient) || recipient.StartsWith('*')) is not null
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
