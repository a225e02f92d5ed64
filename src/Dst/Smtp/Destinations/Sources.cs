// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Tutti.Dst.Smtp.Destinations;

/// <summary>An address of this server that mail leaves from.</summary>
/// <param name="Address">The address.</param>
/// <param name="HeloName">The name said there in EHLO.</param>
internal sealed record Source(IPAddress Address, string HeloName)
{
    /// <summary>Reads "192.0.2.1 mail1.example.com".</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out Source? source)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        source = words.Length == 2 && IPAddress.TryParse(words[0], out var address) && Uri.CheckHostName(words[1]) == UriHostNameType.Dns ? new(address, words[1]) : null;
        return source is not null;
    }
}

/// <summary>Addresses that mail leaves from, in turn; without any the operating system chooses.</summary>
internal sealed class Sources
{
    private readonly Source[] _four;
    private readonly Source[] _six;
    private int _turn;

    /// <param name="settings">Sound, see <see cref="SourcesAttribute"/>.</param>
    public Sources(IEnumerable<string> settings)
    {
        List<Source> all = [.. settings.Select(text => Source.TryRead(text, out var source) ? source : null).OfType<Source>()];
        _four = [.. all.Where(source => source.Address.AddressFamily == AddressFamily.InterNetwork)];
        _six = [.. all.Where(source => source.Address.AddressFamily == AddressFamily.InterNetworkV6)];
    }

    /// <summary>Whether mail can leave for an address: a receiver shall see none but the addresses that were named.</summary>
    public bool Reach(IPAddress address) => _four.Length + _six.Length == 0 || Of(address).Length > 0;

    /// <summary>The next one for a connection to an address; null: the operating system chooses.</summary>
    public Source? Next(IPAddress address)
    {
        var list = Of(address);
        return list.Length == 0 ? null : list[(int)((uint)Interlocked.Increment(ref _turn) % (uint)list.Length)];
    }

    private Source[] Of(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? _six : _four;
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
