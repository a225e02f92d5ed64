// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MimeKit;
using Tutti.Wiring.Configuration;

namespace Tutti.Lui.Notices;

/// <summary>By which mail server people are told about mail jobs.</summary>
internal sealed record NoticeMailSettings
{
    [MailAddress, Description("The sender's address of notices about mail jobs to people with an account. Empty: no notices by mail.")]
    public string NoticesFrom { get; init; } = "";

    [NeededForNotices, RegularExpression(@"[^\s:]+(:[0-9]{1,5})?|\[[0-9a-fA-F:]+\](:[0-9]{1,5})?"), Description("The mail server that takes those notices: HOST or HOST:PORT, without a port 25. One that works without this installation, since a notice may be about a delivery that failed.")]
    public string NoticesHost { get; init; } = "";

    [Description("Demand STARTTLS and a certificate that is valid for NoticesHost.")]
    public bool NoticesTls { get; init; }

    [NeedsTls, Description("User name at NoticesHost, empty for none. Needs NoticesTls=yes: a password never travels in the clear.")]
    public string NoticesUser { get; init; } = "";

    [Description("Password at NoticesHost, best as file:/absolute/path whose first line holds it.")]
    public Secret NoticesPassword { get; init; } = new("");

    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00"), Description("How often the User Interface looks whether there is a notice to send or a date to remind of.")]
    public TimeSpan NoticesEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether notices go out by mail.</summary>
    public bool SendsMail => NoticesFrom.Length > 0;

    /// <summary>The host of <see cref="NoticesHost"/> and its port.</summary>
    public (string Host, int Port) Server
    {
        get
        {
            var address = new Uri($"smtp://{NoticesHost}");
            return (address.Host.Trim('[', ']'), address.IsDefaultPort || address.Port < 0 ? 25 : address.Port);
        }
    }

    private sealed class MailAddressAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            value is string { Length: > 0 } address && !(MailboxAddress.TryParse(address, out var read) && read.Address.Contains('@', StringComparison.Ordinal))
                ? new ValidationResult($"'{address}' is no mail address.", [validationContext.MemberName!])
                : ValidationResult.Success;
    }

    private sealed class NeededForNoticesAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            value is "" && validationContext.ObjectInstance is NoticeMailSettings { SendsMail: true }
                ? new ValidationResult("NoticesFrom needs it.", [validationContext.MemberName!])
                : ValidationResult.Success;
    }

    private sealed class NeedsTlsAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            value is string { Length: > 0 } && validationContext.ObjectInstance is NoticeMailSettings { NoticesTls: false }
                ? new ValidationResult("needs NoticesTls=yes.", [validationContext.MemberName!])
                : ValidationResult.Success;
    }
}
