// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Returns.Mailboxes;

/// <summary>How the connection to an IMAP server is encrypted.</summary>
internal enum ImapTls
{
    /// <summary>From the first byte, port 993.</summary>
    Implicit,

    /// <summary>By STARTTLS, port 143.</summary>
    StartTls,

    /// <summary>Not at all; only on this host.</summary>
    None,
}

/// <summary>Where the mail of the return domain is fetched from, if another mail server takes it.</summary>
internal sealed record MailboxSettings
{
    [AbsoluteFolder, Description("Maildir into which another mail server puts the mail of the return domain; absolute path. Then nothing listens on SmtpPort. What was read moves from new to cur, and is removed there after ReturnKeep: the Maildir belongs to the distributor alone.")]
    public string ReturnMaildir { get; init; } = "";

    [OneMailbox, RegularExpression(HostAndPort.Pattern), Description("IMAP server with a mailbox for the mail of the return domain: host, with :port if it is not the usual one. Then nothing listens on SmtpPort. What was read is marked as seen, and removed after ReturnKeep.")]
    public string ReturnImapHost { get; init; } = "";

    [TlsOrOwnHost, Description("How the connection to the IMAP server is encrypted: implicit (port 993), starttls (port 143), or none, which only a server on this host may have. The certificate must be valid for its name, by TrustedRoots.")]
    public ImapTls ReturnImapTls { get; init; }

    [Description("User name for the IMAP server.")]
    public string ReturnImapUser { get; init; } = "";

    [Description("Password for the IMAP server, best as file:/absolute/path whose first line holds it.")]
    public Secret ReturnImapPassword { get; init; } = new("");

    [Description("Folder on the IMAP server.")]
    public string ReturnImapFolder { get; init; } = "INBOX";

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00"), Description("How often the mailbox or Maildir is looked at.")]
    public TimeSpan ReturnEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether another server takes the mail.</summary>
    public bool IsUsed => ReturnMaildir.Length > 0 || ReturnImapHost.Length > 0;

    private static bool IsThisHost(string host) => host is "localhost" || (System.Net.IPAddress.TryParse(host, out var address) && System.Net.IPAddress.IsLoopback(address));

    private sealed class AbsoluteFolderAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            value is string { Length: > 0 } folder && !Path.IsPathFullyQualified(folder)
                ? new ValidationResult($"'{folder}' is not an absolute path.", [nameof(ReturnMaildir)])
                : ValidationResult.Success;
    }

    private sealed class OneMailboxAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            value is string { Length: > 0 } && validationContext.ObjectInstance is MailboxSettings { ReturnMaildir.Length: > 0 }
                ? new ValidationResult("ReturnMaildir and ReturnImapHost exclude each other.", [nameof(ReturnImapHost)])
                : ValidationResult.Success;
    }

    private sealed class TlsOrOwnHostAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            value is ImapTls.None && validationContext.ObjectInstance is MailboxSettings { ReturnImapHost: { Length: > 0 } host } && !IsThisHost(HostAndPort.Read(host, 143).Host)
                ? new ValidationResult("A password never travels in the clear: ReturnImapTls=none is for an IMAP server on this host.", [nameof(ReturnImapTls)])
                : ValidationResult.Success;
    }
}
