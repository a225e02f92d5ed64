// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Tutti.Dst.Smtp.Encryption;
using Tutti.Dst.SourceAddresses;

namespace Tutti.Dst.Smtp;

/// <summary>How this distributor speaks SMTP.</summary>
internal sealed record SmtpSettings
{
    [Description("Host name said in EHLO; empty means the host name of this server. Receivers expect it to resolve to the address mail comes from.")]
    public string HeloName { get; init; } = "";

    [Sources, Description("Addresses of this server that mail leaves from, in turn, each with the name said there in EHLO: 192.0.2.1 mail1.example.com, 192.0.2.2 mail2.example.com. Empty: the operating system chooses the address, and HeloName is said. IPv6 is used only if the list has an address of that kind. Where sources.ini is, that counts instead.")]
    public string[] Sources { get; init; } = [];

    [Description("Encrypt with STARTTLS where the receiver offers it, whatever its certificate. Policies of receivers and SmarthostTls count either way.")]
    public bool StartTls { get; init; } = true;

    [PemFile, Description("PEM file with the authorities that count where a certificate has to be valid (MTA-STS, SmarthostTls=verified); empty means those of the operating system.")]
    public string TrustedRoots { get; init; } = "";

    [Description("Send the next envelope together with the end of a message where the receiver offers PIPELINING (RFC 2920): one round trip less for each message.")]
    public bool SmtpAnnounce { get; init; } = true;

    [Description("Send messages by their length (BDAT, RFC 3030) where the receiver offers CHUNKING. A host that offers it and does not know it gets DATA from then on.")]
    public bool SmtpChunking { get; init; } = true;

    [Range(typeof(TimeSpan), "00:00:01", "00:10:00"), Description("Longest wait for a connection to one address.")]
    public TimeSpan SmtpConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    [Range(typeof(TimeSpan), "00:00:01", "01:00:00"), Description("Longest wait for the greeting and for the reply to a command; RFC 5321 §4.5.3.2 asks for 5 minutes.")]
    public TimeSpan SmtpCommandTimeout { get; init; } = TimeSpan.FromMinutes(5);

    [Range(typeof(TimeSpan), "00:00:01", "01:00:00"), Description("Longest wait until the receiver takes the next block of a message; RFC 5321 §4.5.3.2.5 asks for 3 minutes.")]
    public TimeSpan SmtpBlockTimeout { get; init; } = TimeSpan.FromMinutes(3);

    [Range(typeof(TimeSpan), "00:00:01", "02:00:00"), Description("Longest wait for the reply to a whole message; RFC 5321 §4.5.3.2.6 asks for 10 minutes. A shorter wait means more messages in doubt.")]
    public TimeSpan SmtpEndTimeout { get; init; } = TimeSpan.FromMinutes(10);
}
