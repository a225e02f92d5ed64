// SPDX-License-Identifier: Apache-2.0
using System.Collections;

namespace Tutti.Wiring.Configuration;

/// <summary>
/// Where a component's settings come from: its ini file, each key overridable by an environment variable
/// <c>TUTTI_&lt;INI NAME&gt;_&lt;KEY&gt;</c> in upper case. Collects all complaints before anything starts.
/// </summary>
public sealed class SettingsSource
{
    private readonly IniFile _file;
    private readonly Dictionary<string, string> _environment = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _environmentPrefix;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<Complaint> _complaints;
    private readonly List<(DeclaredSetting Setting, string Default)> _declared = [];

    /// <summary>Settings of one ini file.</summary>
    /// <param name="file">The file as read.</param>
    /// <param name="iniName">Its name without ending, for environment variables: <c>distributor</c>.</param>
    /// <param name="environment">The process's environment variables.</param>
    public SettingsSource(IniFile file, string iniName, IDictionary environment)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(iniName);
        ArgumentNullException.ThrowIfNull(environment);
        _file = file;
        _complaints = [.. file.Complaints];
        _environmentPrefix = $"TUTTI_{iniName.ToUpperInvariant()}_";
        foreach (DictionaryEntry variable in environment)
        {
            if (variable.Key is string name && name.StartsWith(_environmentPrefix, StringComparison.OrdinalIgnoreCase) && variable.Value is string value)
            {
                _environment[name[_environmentPrefix.Length..]] = value;
            }
        }
    }

    /// <summary>Every setting that was asked for, and its default as it would stand in the file.</summary>
    public IReadOnlyList<(DeclaredSetting Setting, string Default)> Declared => _declared;

    /// <summary>Fills a settings record: a key is <paramref name="prefix"/> and the property's name.</summary>
    /// <param name="prefix">Put in front of every property name; may be empty.</param>
    /// <param name="qualifier">A component whose own value <c>Key.component</c> goes before <c>Key</c>; null if the file knows no such keys.</param>
    public TSettings Bind<TSettings>(string prefix = "", string? qualifier = null)
        where TSettings : class, new()
    {
        var settings = new TSettings();
        foreach (var declared in DeclaredSetting.Of(typeof(TSettings), prefix))
        {
            if (_known.Add(declared.Key))
            {
                _declared.Add((declared, declared.DefaultText(settings)));
            }

            if (FindValue(declared.Key, qualifier) is { } given)
            {
                declared.Apply(settings, given, _complaints);
            }
            else
            {
                declared.ApplyDefault(settings, _file.Name, _complaints);
            }
        }

        return settings;
    }

    /// <summary>All complaints, those about keys that no settings record declared included. Call it after the last <see cref="Bind{TSettings}"/>.</summary>
    public IReadOnlyList<Complaint> Complaints()
    {
        var unknown = _file.Entries
            .Where(entry => !IsKnown(entry.Key))
            .Select(entry => new Complaint(_file.Name, entry.Line, entry.Key, "is not a known key." + Suggestion(entry.Key)));
        var unknownVariables = _environment.Keys
            .Where(key => !_known.Contains(key, StringComparer.OrdinalIgnoreCase))
            .Select(key => new Complaint("environment", null, _environmentPrefix + key.ToUpperInvariant(), "is not a known setting." + Suggestion(key)));
        return [.. _complaints, .. unknown, .. unknownVariables];
    }

    /// <summary>Complaints of others that shall be shown with those of this source.</summary>
    internal void Add(IEnumerable<Complaint> complaints) => _complaints.AddRange(complaints);

    private bool IsKnown(string key)
    {
        var dot = key.LastIndexOf('.');
        return _known.Contains(key) || (dot > 0 && _known.Contains(key[..dot]) && HomeFolder.ComponentNames.Contains(key[(dot + 1)..]));
    }

    private GivenValue? FindValue(string key, string? qualifier)
    {
        if (qualifier is not null && _file.Find($"{key}.{qualifier}") is { } qualified)
        {
            return new GivenValue(_file.Name, qualified.Line, qualified.Key, qualified.Value);
        }

        if (_environment.TryGetValue(key, out var fromEnvironment))
        {
            return new GivenValue("environment", null, _environmentPrefix + key.ToUpperInvariant(), fromEnvironment);
        }

        return _file.Find(key) is { } entry ? new GivenValue(_file.Name, entry.Line, key, entry.Value) : null;
    }

    private string Suggestion(string key)
    {
        var near = _known.FirstOrDefault(known => string.Equals(known, key, StringComparison.OrdinalIgnoreCase))
            ?? _known.FirstOrDefault(known => known.StartsWith(key, StringComparison.OrdinalIgnoreCase) || key.StartsWith(known, StringComparison.OrdinalIgnoreCase));
        return near is null ? $" Known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}." : $" Did you mean {near}?";
    }
}

/// <summary>A value as somebody wrote it, and where.</summary>
internal sealed record GivenValue(string Source, int? Line, string Key, string Text);
