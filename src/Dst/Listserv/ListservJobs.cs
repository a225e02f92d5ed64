// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Tutti.Dst.Lanes;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp;
using Tutti.Mail.Listserv;

namespace Tutti.Dst.Listserv;

/// <summary>Makes of a finished message what goes to LISTSERV: a DISTRIBUTE job for its recipients, or a post where the recipient is a list.</summary>
internal sealed class ListservJobs(ListservSettings settings)
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>Whether an address is LISTSERV's own: then it is a list.</summary>
    public bool IsList(string address) => address.EndsWith($"@{settings.Domain}", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether somebody's message can be in a job with that of others.</summary>
    public bool CanShare(string address) => settings.IsSetUp && !IsList(address) && DistributeJob.CanName(address);

    /// <summary>The mail that carries a message to LISTSERV, in the buffer in which the message stands.</summary>
    /// <param name="recipient">Whom it is for, with the others.</param>
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
            Recipients = [recipient.Address, .. recipient.Others.Select(other => other.Address)],
            Dkim = settings.ListservDkim,
            Date = DateTimeOffset.FromUnixTimeMilliseconds(at),
            MessageId = $"<{NumberOf(recipient)}.job@{settings.ListservUser.Split('@')[^1]}>",
        };
        if (!job.TryStart(buffer.Message.IsSingleSegment ? buffer.Message.FirstSpan : buffer.Message.ToArray(), out var start, out var problem))
        {
            return new Composed(null, problem, at);
        }

        buffer.Prepend(start);
        return new Composed(new OutgoingMail(job.Account, job.To, buffer.Message), null, at);
    }

    /// <summary>Where bounces go that no return domain of our own takes; null: to the delivery's sender.</summary>
    public string? BounceSender => settings.ListservBounceList.Length > 0 ? $"owner-{settings.ListservBounceList}@{settings.Domain}" : null;

    /// <summary>The same for the same recipients, another for others: a host that drops what it has seen before must not drop anybody.</summary>
    private static string NumberOf(QueuedRecipient recipient)
    {
        var first = string.Create(CultureInfo.InvariantCulture, $"{recipient.Place.Job}.{recipient.Place.Id}");
        if (recipient.Others.Count == 0)
        {
            return first;
        }

        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> id = stackalloc byte[sizeof(long)];
        foreach (var other in recipient.Others)
        {
            BinaryPrimitives.WriteInt64BigEndian(id, other.Place.Id);
            digest.AppendData(id);
        }

        return $"{first}.{Convert.ToHexStringLower(digest.GetHashAndReset().AsSpan(0, 8))}";
    }

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
