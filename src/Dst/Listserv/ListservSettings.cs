// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Mail.Addresses;
using Tutti.Mail.Listserv;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Listserv;

/// <summary>The LISTSERV that this distributor works with, where a site has one.</summary>
internal sealed record ListservSettings
{
    [RegularExpression(HostAndPort.Pattern), Description("Host of a LISTSERV whose lists and whose DISTRIBUTE command are used, with :port if its TCPGUI port is not 2306. The port has no encryption and passwords travel over it in the clear: keep it on this host, in a tunnel or in a network of your own. Empty: none.")]
    public string Listserv { get; init; } = "";

    [RegularExpression(HostAndPort.Pattern), Description("Host that takes mail for LISTSERV, with :port if it is not 25. Empty: the host in Listserv.")]
    public string ListservMailHost { get; init; } = "";

    [RegularExpression(@"^([A-Za-z0-9]([A-Za-z0-9\-]{0,61}[A-Za-z0-9])?)(\.[A-Za-z0-9]([A-Za-z0-9\-]{0,61}[A-Za-z0-9])?)*$")]
    [Description("Domain of LISTSERV's own addresses: jobs go to LISTSERV at this domain, and a recipient there is a list. Empty: the host in Listserv.")]
    public string ListservDomain { get; init; } = "";

    [Account, Description("Address in whose name commands and jobs run. LISTSERV needs a personal password for it (PW ADD), and for jobs its name in DIST_ALLOWED_USERS. What LISTSERV has to say about a job comes there by mail.")]
    public string ListservUser { get; init; } = "";

    [Password, Description("Its personal password in LISTSERV, best as file:/absolute/path whose first line holds it.")]
    public Secret ListservPassword { get; init; } = new("");

    [Description("Send the password in capitals: LISTSERV does not take others over its TCPGUI port.")]
    public bool ListservPasswordInCapitals { get; init; } = true;

    [ListName, Description("List in whose change log LISTSERV writes down what bounced (Change-Log= Yes), or a name that begins with nolist-. Messages then leave LISTSERV from owner-NAME at its domain. Not used where ReturnDomain is set: bounces come straight to this distributor then. Empty: nobody looks for bounces, and they go to the sender's address.")]
    public string ListservBounceList { get; init; } = "";

    [Description("Ask LISTSERV to sign each message of a job with a DKIM key of its own (DKIM=YES).")]
    public bool ListservDkim { get; init; }

    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00"), Description("How often the change log of ListservBounceList is read.")]
    public TimeSpan ListservBounceEvery { get; init; } = TimeSpan.FromMinutes(15);

    [Range(typeof(TimeSpan), "00:00:01", "00:10:00"), Description("Longest wait for a connection to LISTSERV's TCPGUI port, and for its first line.")]
    public TimeSpan ListservConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    [Range(typeof(TimeSpan), "00:00:01", "01:00:00"), Description("Longest wait for the next part of an answer. LISTSERV works on a command for minutes where a list is large; a whole answer may take twelve times as long.")]
    public TimeSpan ListservAnswerTimeout { get; init; } = TimeSpan.FromMinutes(5);

    [Range(64 * 1024, 1024 * 1024 * 1024), Description("Bytes of the longest answer that is read.")]
    public int ListservAnswerSize { get; init; } = 256 * 1024 * 1024;

    /// <summary>Whether there is one.</summary>
    public bool IsSetUp => Listserv.Length > 0;

    /// <summary>Where commands go.</summary>
    public HostAndPort Commands => HostAndPort.Read(Listserv, 2306);

    /// <summary>Where jobs and posts go.</summary>
    public HostAndPort MailHost => ListservMailHost.Length > 0 ? HostAndPort.Read(ListservMailHost, 25) : new HostAndPort(Commands.Host, 25);

    /// <summary>Domain of its addresses, in lower case.</summary>
    public string Domain => (ListservDomain.Length > 0 ? ListservDomain : Commands.Host).ToLowerInvariant();

    /// <summary>The password as it is sent.</summary>
    public string PasswordToSend => ListservPasswordInCapitals ? ListservPassword.Reveal().ToUpperInvariant() : ListservPassword.Reveal();

    private sealed class AccountAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            validationContext.ObjectInstance is not ListservSettings { IsSetUp: true } || EmailAddress.TryParse((string?)value ?? "", out _, out _)
                ? ValidationResult.Success
                : new ValidationResult("Listserv needs the e-mail address in whose name commands run.", [nameof(ListservUser)]);
    }

    private sealed class PasswordAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            validationContext.ObjectInstance is not ListservSettings { IsSetUp: true } || (value is Secret secret && Mail.Listserv.ListservPassword.IsSound(secret.Reveal()))
                ? ValidationResult.Success
                : new ValidationResult(Mail.Listserv.ListservPassword.Problem, [nameof(ListservPassword)]);
    }

    private sealed class ListNameAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            value is "" || (value is string name && ListName.IsSound(name))
                ? ValidationResult.Success
                : new ValidationResult("A list's name has letters, digits, hyphens, dots and underscores.", [nameof(ListservBounceList)]);
    }
}
