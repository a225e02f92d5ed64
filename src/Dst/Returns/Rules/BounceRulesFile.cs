// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Returns.Rules;

/// <summary>
/// Reads rules: a line is <c>CODE = CLASS</c>, <c>/WORDS/ = CLASS</c> or <c>CODE /WORDS/ = CLASS</c>; <c>#</c> begins a comment line. The words
/// are a regular expression in which case does not matter.
/// </summary>
internal static partial class BounceRulesFile
{
    private const string Name = "bounces.rules";

    /// <summary>The rules that come with Tutti.</summary>
    public static BounceRules Shipped { get; } = ReadShipped();

    /// <summary>Where an administrator's own rules lie in a distributor's folder.</summary>
    public static string In(string folder) => Path.Combine(folder, Name);

    /// <summary>The rules of a distributor: its own file, if there is one, before those that come with Tutti.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read; carries all complaints.</exception>
    public static BounceRules Read(string folder)
    {
        var file = In(folder);
        if (!File.Exists(file))
        {
            return Shipped;
        }

        var complaints = new List<Complaint>();
        var rules = Parse(Name, File.ReadAllLines(file), complaints);
        return complaints.Count == 0 ? new BounceRules(rules, Shipped) : throw new ConfigurationException(complaints);
    }

    /// <summary>The rules of some lines.</summary>
    /// <param name="source">The file's name, for complaints.</param>
    /// <param name="lines">What stands in it.</param>
    /// <param name="complaints">Takes what is wrong.</param>
    public static IReadOnlyList<BounceRule> Parse(string source, IReadOnlyList<string> lines, ICollection<Complaint> complaints)
    {
        var rules = new List<BounceRule>();
        for (var index = 0; index < lines.Count; index++)
        {
            var line = lines[index].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (Read(line, out var key) is (var rule, var problem) && rule is null)
            {
                complaints.Add(new Complaint(source, index + 1, key, problem));
            }
            else
            {
                rules.Add(rule!);
            }
        }

        return rules;
    }

    private static (BounceRule? Rule, string Problem) Read(string line, out string key)
    {
        var equals = line.LastIndexOf('=');
        key = equals < 0 ? line : line[..equals].Trim();
        if (equals < 0)
        {
            return (null, "has no class behind it. Write CODE = CLASS, /WORDS/ = CLASS or CODE /WORDS/ = CLASS.");
        }

        if (ClassOf(line[(equals + 1)..].Trim()) is not { } meaning)
        {
            return (null, $"'{line[(equals + 1)..].Trim()}' is not a class. Allowed: hard, soft, policy, transient, complaint.");
        }

        var parts = Key().Match(key);
        if (!parts.Success)
        {
            return (null, "is neither a code such as 5.1.1, x.2.2, 552 or 5xx, nor words between slashes, nor both.");
        }

        try
        {
            var words = parts.Groups["words"] is { Success: true, Value: var text }
                ? new Regex(text, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)
                : null;
            return (new BounceRule(parts.Groups["code"].Value, words, meaning), "");
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            return (null, $"its words are no regular expression that can be used here: {failure.Message}");
        }
    }

    private static BounceClass? ClassOf(string word) => word switch
    {
        "hard" => BounceClass.Hard,
        "soft" => BounceClass.Soft,
        "policy" => BounceClass.Policy,
        "transient" => BounceClass.Transient,
        "complaint" => BounceClass.Complaint,
        _ => null,
    };

    private static BounceRules ReadShipped()
    {
        using var stream = typeof(BounceRulesFile).Assembly.GetManifestResourceStream($"{typeof(BounceRulesFile).Namespace}.{Name}")!;
        using var reader = new StreamReader(stream);
        var complaints = new List<Complaint>();
        var rules = Parse(Name, reader.ReadToEnd().Split('\n'), complaints);
        return complaints.Count == 0 ? new BounceRules(rules) : throw new ConfigurationException(complaints);
    }

    [GeneratedRegex(@"^(?:(?<code>[45x]\.(?:\d{1,3}|x)\.(?:\d{1,3}|x)|[45x](?:\d|x)(?:\d|x)))?\s*(?:/(?<words>.+)/)?$(?<!^)")]
    private static partial Regex Key();
}
