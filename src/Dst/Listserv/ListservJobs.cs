// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Dst.Lanes;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp;
using Tutti.Mail.Listserv;

namespace Tutti.Dst.Listserv;

/// <summary>Makes of a finished message what goes to LISTSERV: a DISTRIBUTE job for its one recipient, or a post where the recipient is a list.</summary>
internal sealed class ListservJobs(ListservSettings settings)
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>Whether an address is LISTSERV's own: then it is a list.</summary>
    public bool IsList(string address) => address.EndsWith($"@{settings.Domain}", StringComparison.OrdinalIgnoreCase);

    /// <summary>The mail that carries a message to LISTSERV, in the buffer in which the message stands.</summary>
    /// <param name="recipient">Whom it is for.</param>
    /// <param name="buffer">Holds the signed message.</param>
    /// <param name="sender">Where its bounces shall go.</param>
    /// <param name="at">The date it carries, Unix milliseconds.</param>
    public Composed Carry(QueuedRecipient recipient, MessageBuffer buffer, string sender, long at)
    {
        if (!settings.IsSetUp)
        {
            return new Composed(null, ListservRefusals.NotSetUp().Message, at);
        }

        if (IsList(recipient.Address))
        {
            return new Composed(new OutgoingMail(sender, recipient.Address, buffer.Message), null, at);
        }

        var job = new DistributeJob
        {
            Name = NameOf(recipient.Place.Job),
            Account = settings.ListservUser,
            Password = settings.PasswordToSend,
            To = $"LISTSERV@{settings.Domain}",
            EnvelopeSender = sender,
            Recipients = [recipient.Address],
            Dkim = settings.ListservDkim,
            Date = DateTimeOffset.FromUnixTimeMilliseconds(at),
            MessageId = string.Create(CultureInfo.InvariantCulture, $"<{recipient.Place.Job}.{recipient.Place.Id}.job@{settings.ListservUser.Split('@')[^1]}>"),
        };
        if (!job.TryStart(buffer.Message.Span, out var start, out var problem))
        {
            return new Composed(null, problem, at);
        }

        buffer.Prepend(start);
        return new Composed(new OutgoingMail(job.Account, job.To, buffer.Message), null, at);
    }

    /// <summary>Where bounces go that no return domain of our own takes; null: to the delivery's sender.</summary>
    public string? BounceSender => settings.ListservBounceList.Length > 0 ? $"owner-{settings.ListservBounceList}@{settings.Domain}" : null;

    private static string NameOf(long job)
    {
        var name = "";
        for (var rest = job; rest > 0 && name.Length < 7; rest /= Digits.Length)
        {
            name = Digits[(int)(rest % Digits.Length)] + name;
        }

        return "T" + name;
    }
}
