// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tutti.Dst.Smtp;

/// <summary>What a receiver offered in its reply to EHLO.</summary>
internal sealed record Extensions
{
    /// <summary>A receiver that only knows HELO.</summary>
    public static Extensions None { get; } = new();

    /// <summary>RFC 2920: commands may be sent in groups.</summary>
    public bool Pipelining { get; private init; }

    /// <summary>RFC 6152: the message may contain bytes over 127.</summary>
    public bool EightBitMime { get; private init; }

    /// <summary>RFC 3030: BDAT.</summary>
    public bool Chunking { get; init; }

    /// <summary>RFC 3207: encryption.</summary>
    public bool StartTls { get; private init; }

    /// <summary>RFC 4954: the mechanisms by which we can make ourselves known, in capitals.</summary>
    public IReadOnlyList<string> Mechanisms { get; private init; } = [];

    /// <summary>RFC 6531: addresses beyond ASCII.</summary>
    public bool SmtpUtf8 { get; private init; }

    /// <summary>RFC 3461: the envelope may say what reports about the message are wanted.</summary>
    public bool Dsn { get; private init; }

    /// <summary>RFC 2034: replies carry enhanced codes.</summary>
    public bool EnhancedStatusCodes { get; private init; }

    /// <summary>RFC 1870: MAIL FROM may carry the size.</summary>
    public bool Size { get; private init; }

    /// <summary>Largest message in bytes; 0 = no limit was told.</summary>
    public long SizeLimit { get; private init; }

    /// <summary>Reads the lines of an EHLO reply without their codes. The first is the receiver's name; unknown keywords are passed over.</summary>
    public static Extensions Read(IEnumerable<string> lines)
    {
        var found = None;
        foreach (var line in lines.Skip(1))
        {
            // Some old servers write AUTH=LOGIN; a keyword ends at any of the three.
            var words = line.Split([' ', '\t', '='], StringSplitOptions.RemoveEmptyEntries);
            found = words is [var keyword, ..] ? found.With(keyword.ToUpperInvariant(), words) : found;
        }

        return found;
    }

    private Extensions With(string keyword, string[] words) => keyword switch
    {
        "PIPELINING" => this with { Pipelining = true },
        "8BITMIME" => this with { EightBitMime = true },
        "CHUNKING" => this with { Chunking = true },
        "STARTTLS" => this with { StartTls = true },
        "DSN" => this with { Dsn = true },
        "SMTPUTF8" => this with { SmtpUtf8 = true },
        "ENHANCEDSTATUSCODES" => this with { EnhancedStatusCodes = true },
        "AUTH" => this with { Mechanisms = [.. Mechanisms, .. words.Skip(1).Select(word => word.ToUpperInvariant())] },
        "SIZE" => this with { Size = true, SizeLimit = LimitIn(words) },
        _ => this,
    };

    private static long LimitIn(string[] words) =>
        words.Length > 1 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : 0;
}
