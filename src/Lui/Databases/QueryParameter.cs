// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Databases;

/// <summary>What kind of value a parameter has.</summary>
internal enum ParameterType
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A number: 12, -3.5.</summary>
    Number,

    /// <summary>A day or a moment: 2026-11-24, 2026-11-24 09:30.</summary>
    Date,

    /// <summary>Yes or no.</summary>
    YesNo,
}

/// <summary>A value for a name in a statement.</summary>
/// <param name="Name">Without the @.</param>
/// <param name="Type">How the value is understood.</param>
/// <param name="Value">As people write it.</param>
internal sealed record QueryParameter(string Name, ParameterType Type, string Value)
{
    private static readonly string[] _days = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"];

    /// <summary>The value as the database gets it.</summary>
    public Outcome<object> Read()
    {
        var value = Value.Trim();
        switch (Type)
        {
            case ParameterType.Text:
                return Value;
            case ParameterType.Number when long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole):
                return whole;
            case ParameterType.Number when decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number):
                return number;
            case ParameterType.Date when DateTime.TryParseExact(value, _days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day):
                return day;
            case ParameterType.YesNo when value.ToLowerInvariant() is "yes" or "true" or "1":
                return true;
            case ParameterType.YesNo when value.ToLowerInvariant() is "no" or "false" or "0":
                return false;
            case ParameterType.Number or ParameterType.Date or ParameterType.YesNo:
            default:
                return DatabaseRefusals.Parameter(Name, Value, Type);
        }
    }
}
