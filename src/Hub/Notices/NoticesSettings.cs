// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MimeKit;
using Tutti.Wiring.Configuration;

namespace Tutti.Hub.Notices;

/// <summary>Who is told by mail that something needs attention, and by which mail server.</summary>
internal sealed record NoticesSettings
{
    [MailAddresses, Description("Addresses of administrators, separated by commas, who get a mail when something needs attention: a server or component that is down, a certificate near its end, a server that is not like the others. Empty for none.")]
    public string[] NoticesTo { get; init; } = [];

    [MailAddresses, NeededForNotices, Description("The sender's address of those mails.")]
    public string NoticesFrom { get; init; } = "";

    [NeededForNotices, RegularExpression(@"[^\s:]+(:[0-9]{1,5})?|\[[0-9a-fA-F:]+\](:[0-9]{1,5})?"), Description("The mail server that takes those mails: HOST or HOST:PORT, without a port 25. One that works without this installation, since mails may be about its distributors.")]
    public string NoticesHost { get; init; } = "";

    [Description("Demand STARTTLS and a certificate that is valid for NoticesHost.")]
    public bool NoticesTls { get; init; }

    [NeedsTls, Description("User name at NoticesHost, empty for none. Needs NoticesTls=yes: a password never travels in the clear.")]
    public string NoticesUser { get; init; } = "";

    [Description("Password at NoticesHost, best as file:/absolute/path whose first line holds it.")]
    public Secret NoticesPassword { get; init; } = new("");

    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00"), Description("How long something has to need attention before administrators are told, and how long it has to be mended before it is told again. Also the shortest time between two mails.")]
    public TimeSpan NoticesAfter { get; init; } = TimeSpan.FromMinutes(5);

    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00"), Description("How often the hub looks whether there is something to tell.")]
    public TimeSpan NoticesEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The host of <see cref="NoticesHost"/> and its port.</summary>
    public (string Host, int Port) Server
    {
        get
        {
            var address = new Uri($"smtp://{NoticesHost}");
            return (address.Host.Trim('[', ']'), address.IsDefaultPort || address.Port < 0 ? 25 : address.Port);
        }
    }

    private sealed class MailAddressesAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            (value is string one ? [one] : value as string[] ?? []).FirstOrDefault(address => address.Length > 0 && !(MailboxAddress.TryParse(address, out var read) && read.Address.Contains('@', StringComparison.Ordinal))) is { } wrong
                ? new ValidationResult($"'{wrong}' is no mail address.", [validationContext.MemberName!])
                : ValidationResult.Success;
    }

    private sealed class NeededForNoticesAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            value is "" && validationContext.ObjectInstance is NoticesSettings { NoticesTo.Length: > 0 }
                ? new ValidationResult("NoticesTo needs it.", [validationContext.MemberName!])
                : ValidationResult.Success;
    }

    private sealed class NeedsTlsAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            value is string { Length: > 0 } && validationContext.ObjectInstance is NoticesSettings { NoticesTls: false }
                ? new ValidationResult("A password never travels in the clear: NoticesUser needs NoticesTls=yes.", [nameof(NoticesUser)])
                : ValidationResult.Success;
    }
}
