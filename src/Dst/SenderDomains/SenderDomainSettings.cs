// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Tutti.Dst.SenderDomains;

/// <summary>What sender domains are checked against.</summary>
internal sealed record SenderDomainSettings
{
    [Addresses, Description("Addresses that receivers see this distributor's mail come from, with commas between; empty means the public addresses of this host. SPF and PTR records are checked for them.")]
    public string PublicAddresses { get; init; } = "";

    private sealed class AddressesAttribute : ValidationAttribute
    {
        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
        {
            var bad = ((string)value!).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(one => !IPAddress.TryParse(one, out _));
            return bad is null ? ValidationResult.Success : new ValidationResult($"{bad} is no IP address.", [nameof(PublicAddresses)]);
        }
    }
}
