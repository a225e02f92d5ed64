// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

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

    private sealed class NeededInSmarthostModeAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            value is "" && validationContext.ObjectInstance is RouteSettings { Mode: DeliveryMode.Smarthost }
                ? new ValidationResult("Mode=smarthost needs a host.", [nameof(Smarthost)])
                : ValidationResult.Success;
    }
}
