// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;

namespace Tutti.Wiring.Certificates;

/// <summary>The one rule for what a host name is: in the list, as <c>HostName</c>, in a certificate, when dialling.</summary>
public static class HostNames
{
    private const int LongestLabel = 63;
    private const int LongestName = 253;

    /// <summary>Brings a name into the form that is compared: ASCII, lower case, without a dot at its end. Names with other letters get their IDNA form.</summary>
    /// <param name="text">The name as somebody wrote it.</param>
    /// <param name="name">The name to compare; empty if there is none.</param>
    /// <returns>False for everything that is no host name: IP addresses, wildcards, names with ports, blanks or empty labels.</returns>
    public static bool TryNormalize(string? text, out string name) => TryNormalize(text, out name, out _);

    /// <summary>The same, with the reason why it is none.</summary>
    /// <param name="text">The name as somebody wrote it.</param>
    /// <param name="name">The name to compare; empty if there is none.</param>
    /// <param name="problem">A clause that follows the quoted name, such as "is an IP address; …".</param>
    public static bool TryNormalize(string? text, out string name, [NotNullWhen(false)] out string? problem)
    {
        name = "";
        problem = Problem(text, out var normalized);
        if (problem is not null)
        {
            return false;
        }

        name = normalized;
        return true;
    }

    /// <summary>The name for people: an IDNA name with the letters it stands for behind it.</summary>
    public static string Show(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            var letters = name.Contains("xn--", StringComparison.Ordinal) ? new IdnMapping().GetUnicode(name) : name;
            return letters == name ? name : $"{name} ({letters})";
        }
        catch (ArgumentException)
        {
            return name;
        }
    }

    private static string? Problem(string? text, out string name)
    {
        name = "";
        if (string.IsNullOrEmpty(text))
        {
            return "is empty";
        }

        if (text.Contains('*', StringComparison.Ordinal))
        {
            return "is a wildcard; each server has a name of its own";
        }

        if (IPAddress.TryParse(text, out _))
        {
            return "is an IP address; give the host a name, a line in the hosts file is enough";
        }

        var plain = text;
        if (!Ascii.IsValid(text) && !TryAscii(text, out plain))
        {
            return "holds characters that no host name can have";
        }

        plain = plain.ToLowerInvariant();
        if (plain.EndsWith('.'))
        {
            plain = plain[..^1];
        }

        if (plain.Length > LongestName)
        {
            return $"is longer than {LongestName} characters";
        }

        var labels = plain.Split('.');
        var problem = labels.Select(ProblemOfLabel).FirstOrDefault(found => found is not null);

        // What ends in a number is read as an address by some programs and as a name by others.
        if (problem is null && (labels[^1].All(char.IsAsciiDigit) || IPAddress.TryParse(plain, out _)))
        {
            problem = "looks like an IP address; give the host a name, a line in the hosts file is enough";
        }

        name = problem is null ? plain : "";
        return problem;
    }

    private static string? ProblemOfLabel(string label) => label switch
    {
        "" => "has an empty part between dots",
        { Length: > LongestLabel } => $"has a part longer than {LongestLabel} characters",
        ['-', ..] or [.., '-'] => "has a part that starts or ends with a hyphen",
        _ when label.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) => "holds characters that no host name can have; allowed are letters, digits, hyphens and dots",
        _ => null,
    };

    private static bool TryAscii(string text, out string ascii)
    {
        try
        {
            ascii = new IdnMapping().GetAscii(text);
            return true;
        }
        catch (ArgumentException)
        {
            ascii = "";
            return false;
        }
    }
}
