// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Tutti.Dst.SourceAddresses;

/// <summary>An address of this server that mail leaves from.</summary>
/// <param name="Address">The address.</param>
/// <param name="HeloName">The name said there in EHLO.</param>
internal sealed record Source(IPAddress Address, string HeloName)
{
    /// <summary>Its name in <c>sources.ini</c>; empty where it comes from the setting.</summary>
    public string Name { get; init; } = "";

    /// <summary>How much it carries while receivers get to know it; null: as much as there is.</summary>
    public WarmUp? WarmUp { get; init; }

    /// <summary>Reads "192.0.2.1 mail1.example.com".</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out Source? source)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        source = words.Length == 2 && IPAddress.TryParse(words[0], out var address) && Uri.CheckHostName(words[1]) == UriHostNameType.Dns ? new(address, words[1]) : null;
        return source is not null;
    }
}

/// <summary>A setting with a list of addresses and names.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SourcesAttribute : ValidationAttribute
{
    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is string[] list && Array.Find(list, text => !Source.TryRead(text, out _)) is { } wrong
            ? new ValidationResult($"'{wrong}' is not an address, a blank and a host name.", [validationContext.MemberName!])
            : ValidationResult.Success;
}
