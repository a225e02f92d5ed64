// SPDX-License-Identifier: Apache-2.0
using MimeKit;

namespace Tutti.Mail.Returns;

/// <summary>The envelope of a returned message as a mail server wrote it into the header before it put the message into a mailbox.</summary>
/// <param name="Sender">Return-Path; empty for the null reverse-path, or if it is not there.</param>
/// <param name="Recipient">The address of the return domain that it came to; empty if none is named.</param>
public sealed record ReturnEnvelope(string Sender, string Recipient)
{
    // In this order: what mail servers add says more than what the sender wrote.
    private static readonly string[] _names = ["X-Original-To", "Delivered-To", "X-Delivered-To", "Envelope-To", "X-Envelope-To", "X-RCPT-TO", "To", "Cc"];

    /// <summary>Reads the header of a message. A signed address counts more than another one of the domain, and the uppermost line more than those below.</summary>
    /// <param name="message">The whole message, or as much of it as there is.</param>
    /// <param name="domain">The return domain.</param>
    public static ReturnEnvelope Of(ReadOnlyMemory<byte> message, string domain)
    {
        HeaderList headers;
        try
        {
            using var stream = new MemoryStream(message.ToArray(), writable: false);
            headers = HeaderList.Load(stream);
        }
        catch (Exception failure) when (failure is FormatException or IOException)
        {
            return new("", "");
        }

        var addresses = _names
            .SelectMany(name => headers.Where(header => header.Field.Equals(name, StringComparison.OrdinalIgnoreCase)))
            .SelectMany(header => AddressesIn(header.Value))
            .Where(address => address.EndsWith("@" + domain, StringComparison.OrdinalIgnoreCase))
            .ToList();
        var recipient = addresses.Find(address => ReturnAddress.TryRead(address.AsSpan(0, address.LastIndexOf('@')), out _, out _)) ?? addresses.FirstOrDefault("");
        return new(AddressesIn(headers["Return-Path"] ?? "").FirstOrDefault(""), recipient);
    }

    private static IEnumerable<string> AddressesIn(string value) =>
        InternetAddressList.TryParse(value, out var list) ? list.Mailboxes.Select(mailbox => mailbox.Address) : [];
}
