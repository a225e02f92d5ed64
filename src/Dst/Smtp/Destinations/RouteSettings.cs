// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Smtp.Destinations;

/// <summary>Where mail goes.</summary>
internal enum DeliveryMode
{
    /// <summary>Into the capture mailbox of this distributor; nothing leaves it.</summary>
    Capture,

    /// <summary>To one host that passes it on.</summary>
    Smarthost,

    /// <summary>To the mail servers of the recipients' domains.</summary>
    Mx,
}

/// <summary>How the connection to a smarthost is encrypted.</summary>
internal enum SmarthostTls
{
    /// <summary>Where it is offered.</summary>
    May,

    /// <summary>Always, with any certificate.</summary>
    Required,

    /// <summary>Always, with a valid certificate for its name.</summary>
    Verified,
}

/// <summary>Where mail goes, and how the way is found.</summary>
internal sealed record RouteSettings
{
    [Description("capture = keep all mail in the capture mailbox of this distributor, mx = to the recipients' mail servers, smarthost = to the host in Smarthost.")]
    public DeliveryMode Mode { get; init; } = DeliveryMode.Capture;

    [RegularExpression(HostAndPort.Pattern), NeededInSmarthostMode, Description("Host that takes all mail where Mode is smarthost: name or address, with :port if it is not RemotePort. IPv6 addresses in brackets.")]
    public string Smarthost { get; init; } = "";

    [RegularExpression(HostAndPort.AddressPattern), Description("DNS server for looking up mail servers, address with optional :port; empty means those of the operating system.")]
    public string Resolver { get; init; } = "";

    [Range(1, 65535), Description("Port of the recipients' mail servers, and of the smarthost where none is given.")]
    public int RemotePort { get; init; } = 25;

    [Description("How the connection to the smarthost is encrypted. may = where it offers STARTTLS, required = always, verified = always and with a valid certificate for its name.")]
    public SmarthostTls SmarthostTls { get; init; }

    [TlsWithUser, Description("User name for the smarthost (AUTH PLAIN or LOGIN), empty for none. Needs SmarthostTls=required or verified: a password never travels in the clear.")]
    public string SmarthostUser { get; init; } = "";

    [Description("Password for the smarthost, best as file:/absolute/path whose first line holds it.")]
    public Secret SmarthostPassword { get; init; } = new("");

    [Description("Reach mail servers over IPv6 too, and first. Needs addresses whose reverse names fit HeloName; receivers are strict about that.")]
    public bool UseIpv6 { get; init; } = true;

    [Description("Honour MTA-STS (RFC 8461): mail to a domain with an enforced policy goes only to the hosts it names, encrypted and with valid certificates, and otherwise waits.")]
    public bool MtaSts { get; init; } = true;

    [NeedsResolver, Description("The DNS server in Resolver validates DNSSEC, and nobody can come between it and this server: honour DANE (RFC 7672). Set it for a resolver on this host only.")]
    public bool ResolverValidates { get; init; }

    private sealed class TlsWithUserAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            value is string { Length: > 0 } && validationContext.ObjectInstance is RouteSettings { SmarthostTls: SmarthostTls.May }
                ? new ValidationResult("A password never travels in the clear: SmarthostUser needs SmarthostTls=required or verified.", [nameof(SmarthostUser)])
                : ValidationResult.Success;
    }

    private sealed class NeedsResolverAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            value is true && validationContext.ObjectInstance is RouteSettings { Resolver: "" }
                ? new ValidationResult("ResolverValidates=yes needs the address of that DNS server in Resolver.", [nameof(ResolverValidates)])
                : ValidationResult.Success;
    }

    private sealed class NeededInSmarthostModeAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            value is "" && validationContext.ObjectInstance is RouteSettings { Mode: DeliveryMode.Smarthost }
                ? new ValidationResult("Mode=smarthost needs a host.", [nameof(Smarthost)])
                : ValidationResult.Success;
    }
}
