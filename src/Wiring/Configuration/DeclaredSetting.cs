// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Tutti.Wiring.Configuration;

/// <summary>One setting as its record declares it: key, type, bounds, default, meaning.</summary>
public sealed class DeclaredSetting
{
    private readonly PropertyInfo _property;

    private DeclaredSetting(PropertyInfo property, string prefix)
    {
        _property = property;
        Key = prefix + property.Name;
    }

    /// <summary>The key in the ini file.</summary>
    public string Key { get; }

    /// <summary>What it means, from the declaration.</summary>
    public string Description => _property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";

    /// <summary>The type of its value.</summary>
    public Type Type => _property.PropertyType;

    /// <summary>What is allowed, in words; empty if everything of its type is.</summary>
    public string Allowed
    {
        get
        {
            if (_property.GetCustomAttribute<AllowedValuesAttribute>() is { } listed)
            {
                return string.Join(", ", listed.Values);
            }

            if (Type.IsEnum)
            {
                return string.Join(", ", Enum.GetNames(Type).Select(SettingText.OfEnum));
            }

            return _property.GetCustomAttribute<RangeAttribute>() is { } range ? $"{Bound(range, range.Minimum)} to {Bound(range, range.Maximum)}" : "";
        }
    }

    /// <summary>The settings a record declares, in the order of its properties.</summary>
    public static IEnumerable<DeclaredSetting> Of(Type record, string prefix)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .Select(property => new DeclaredSetting(property, prefix));
    }

    /// <summary>The default as it would be written in a file; empty if there is none.</summary>
    public string DefaultText(object settings) => SettingText.Write(_property.GetValue(settings));

    internal void Apply(object settings, GivenValue given, List<Complaint> complaints)
    {
        if (!SettingText.TryRead(given.Text, Type, out var value, out var problem))
        {
            complaints.Add(new Complaint(given.Source, given.Line, given.Key, problem + AllowedSentence()));
            return;
        }

        _property.SetValue(settings, value);
        Validate(settings, given.Source, given.Line, given.Key, value is Secret ? "the value" : $"'{given.Text}'", complaints);
    }

    internal void ApplyDefault(object settings, string file, List<Complaint> complaints) =>
        Validate(settings, file, null, Key, null, complaints);

    private static string Bound(RangeAttribute range, object bound) =>
        range.OperandType == typeof(TimeSpan) && bound is string text ? SettingText.Write(TimeSpan.Parse(text, CultureInfo.InvariantCulture)) : $"{bound}";

    private void Validate(object settings, string source, int? line, string key, string? shown, List<Complaint> complaints)
    {
        var value = _property.GetValue(settings);
        var context = new ValidationContext(settings) { MemberName = _property.Name, DisplayName = _property.Name };
        foreach (var rule in _property.GetCustomAttributes<ValidationAttribute>())
        {
            if (rule.GetValidationResult(value, context) is not { } failure)
            {
                continue;
            }

            var words = rule switch
            {
                RequiredAttribute => $"is missing. {Description}",
                _ when shown is null => $"is missing. {Description}",
                RangeAttribute or AllowedValuesAttribute => $"{shown} is not allowed.{AllowedSentence()}",
                _ => $"{shown} is not allowed: {failure.ErrorMessage}",
            };
            complaints.Add(new Complaint(source, line, key, words.TrimEnd()));
            return;
        }
    }

    private string AllowedSentence() => Allowed.Length == 0 ? "" : $" Allowed: {Allowed}.";
}
