// SPDX-License-Identifier: Apache-2.0
using System.Data;
using System.Security.Cryptography;
using System.Text;
using Tutti.Dst.Journal;
using Tutti.Dst.Queue;
using Tutti.Dst.Returns;
using Tutti.Mail.Addresses;
using Tutti.Mail.Listserv;

namespace Tutti.Dst.Listserv;

/// <summary>Who was handed to LISTSERV, and which lines of its change log are in the feed already. Addresses are kept as digests.</summary>
internal static class ListservBounceStore
{
    // A line tells the time of LISTSERV's host without its zone; no zone is more than 14 hours ahead.
    private const long MostZone = 14 * 60 * 60 * 1000;

    private static readonly Statement _note = new(
        """
        INSERT INTO listserv_recipient (digest, job_id, recipient_id, at) VALUES (@digest, @job, @recipient, @at)
        ON CONFLICT (digest) DO UPDATE SET job_id = excluded.job_id, recipient_id = excluded.recipient_id, at = excluded.at
        """,
        ("digest", DbType.Binary), ("job", DbType.Int64), ("recipient", DbType.Int64), ("at", DbType.Int64));

    private static readonly Statement _find = new(
        "SELECT job_id, recipient_id FROM listserv_recipient WHERE digest = @digest AND at <= @before", ("digest", DbType.Binary), ("before", DbType.Int64));

    private static readonly Statement _take = new(
        "INSERT INTO listserv_line (digest, at) VALUES (@digest, @at) ON CONFLICT (digest) DO NOTHING", ("digest", DbType.Binary), ("at", DbType.Int64));

    private static readonly Statement _dropRecipients = new(
        "DELETE FROM listserv_recipient WHERE digest IN (SELECT digest FROM listserv_recipient WHERE at < @before ORDER BY at LIMIT @limit)",
        ("before", DbType.Int64), ("limit", DbType.Int32));

    private static readonly Statement _dropLines = new(
        "DELETE FROM listserv_line WHERE digest IN (SELECT digest FROM listserv_line WHERE at < @before LIMIT @limit)", ("before", DbType.Int64), ("limit", DbType.Int32));

    /// <summary>Remembers recipients of a delivery; of several deliveries the last one counts.</summary>
    public static void Note(JournalSession session, long job, IEnumerable<NewRecipient> recipients, long now)
    {
        foreach (var recipient in recipients.Where(recipient => recipient.Problem is null))
        {
            session.Run(_note, DigestOf(recipient.Address), job, recipient.Id, now);
        }
    }

    /// <summary>Writes what a line says into the feed, once.</summary>
    /// <param name="session">The journal's.</param>
    /// <param name="list">Whose change log it is.</param>
    /// <param name="line">The line.</param>
    /// <param name="finding">What it means for a recipient.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <returns>False if it is there already, or tells of nobody who was handed over before.</returns>
    public static bool Settle(JournalSession session, string list, ChangeLogLine line, Func<ReturnedTo, ReturnFinding> finding, long now)
    {
        var latest = new DateTimeOffset(line.At, TimeSpan.Zero).ToUnixTimeMilliseconds() + MostZone;
        ReturnedTo to;
        using (var row = session.Query(_find, DigestOf(line.Address), latest))
        {
            if (!row.Read())
            {
                return false;
            }

            to = new ReturnedTo(row.GetInt64(0), row.GetInt64(1));
        }

        if (session.Run(_take, SHA256.HashData(Encoding.UTF8.GetBytes($"{list.ToUpperInvariant()} {line.At:O} {line.Event} {line.Address} {line.Rest}")), now) == 0)
        {
            return false;
        }

        session.AddReturn(now, finding(to));
        return true;
    }

    /// <summary>Forgets some of what is old.</summary>
    /// <returns>False if there is nothing more to forget.</returns>
    public static bool DropOld(JournalSession session, long before, int limit) =>
        session.Run(_dropRecipients, before, limit) + session.Run(_dropLines, before, limit) > 0;

    private static byte[] DigestOf(string address)
    {
        Span<char> key = stackalloc char[EmailAddress.MaxLength];
        var known = EmailAddress.Normalize(address, key, out var length) == AddressProblem.None ? key[..length].ToString() : address.ToLowerInvariant();
        return SHA256.HashData(Encoding.UTF8.GetBytes(known));
    }
}
