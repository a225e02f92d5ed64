// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Tutti.Mail.Links.Parameters;

/// <summary>A rule that adds a parameter to links.</summary>
/// <param name="Hosts">To which: host names with blanks or commas between them. <c>shop.example</c> is this host, <c>*.shop.example</c> those below it, <c>*</c> every host.</param>
/// <param name="Name">Name of the parameter: letters, digits, and <c>- . _ ~</c>.</param>
/// <param name="Value">Its value, with the Liquid fields of <see cref="Fields"/>. A parameter whose value comes out empty is left out.</param>
public sealed record LinkParameter(string Hosts, string Name, string Value)
{
    /// <summary>Longest name in characters.</summary>
    public const int MaxName = 64;

    /// <summary>Longest value in characters, as written and as it comes out.</summary>
    public const int MaxValue = 500;

    /// <summary>What a value may name.</summary>
    public static IReadOnlyList<string> Fields => LinkParameters.Fields;

    private const int MaxHosts = 1000;

    private static readonly SearchValues<char> _nameLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <summary>Whether the rule can be used; else what is wrong, in words.</summary>
    /// <param name="problem">What is wrong.</param>
    /// <param name="field">Where: Hosts, Name or Value.</param>
    public bool IsSound([NotNullWhen(false)] out string? problem, [NotNullWhen(false)] out string? field)
    {
        (problem, field) = Complaint();
        return problem is null;
    }

    /// <summary>Whether the rule is for links to a host.</summary>
    /// <param name="host">In ASCII, as a URL has it.</param>
    internal bool IsFor(string host) => PatternsOf(Hosts).Any(pattern => Matches(pattern, host));

    private static bool Matches(string pattern, string host) => pattern switch
    {
        "*" => true,
        ['*', '.', ..] => Ascii(pattern[2..]) is { } parent && host.EndsWith('.' + parent, StringComparison.OrdinalIgnoreCase),
        _ => string.Equals(Ascii(pattern), host, StringComparison.OrdinalIgnoreCase),
    };

    private static string[] PatternsOf(string hosts) => hosts.Split([' ', ',', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static string? Ascii(string host) =>
        Uri.CheckHostName(host) != UriHostNameType.Unknown && Uri.TryCreate("http://" + host, UriKind.Absolute, out var url) ? url.IdnHost : null;

    private (string? Problem, string? Field) Complaint()
    {
        var patterns = Hosts.Length > MaxHosts ? [] : PatternsOf(Hosts);
        if (patterns.Length == 0)
        {
            return ("Name the hosts: shop.example, *.shop.example for all below it, or * for every host.", nameof(Hosts));
        }

        if (Array.Find(patterns, pattern => pattern != "*" && Ascii(pattern.StartsWith("*.", StringComparison.Ordinal) ? pattern[2..] : pattern) is null) is { } odd)
        {
            return ($"'{odd}' is no host name. Write shop.example, *.shop.example for all below it, or * for every host; no scheme, port or path.", nameof(Hosts));
        }

        if (Name.Length is 0 or > MaxName || Name.AsSpan().ContainsAnyExcept(_nameLetters))
        {
            return ($"The name of a parameter has 1 to {MaxName} letters, digits, and - . _ ~.", nameof(Name));
        }

        if (Value.Length is 0 or > MaxValue)
        {
            return ($"The value of a parameter has 1 to {MaxValue} characters.", nameof(Value));
        }

        return LinkParameters.ProblemOf(Value) is { } problem ? (problem, nameof(Value)) : (null, null);
    }
}
