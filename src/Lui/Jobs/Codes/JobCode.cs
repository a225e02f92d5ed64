// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tutti.Lui.Jobs.Codes;

/// <summary>
/// The name that people use for a job: the local date of its creation and a letter. After Z the letter is doubled:
/// the 27th job of a day ends in AA, the 28th in BB, the 53rd in AAA.
/// </summary>
internal static class JobCode
{
    private const int Letters = 26;

    /// <summary>The code of a day's job.</summary>
    /// <param name="day">Local date of the installation.</param>
    /// <param name="number">From 1.</param>
    public static string Of(DateOnly day, long number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        var letter = (char)('A' + ((number - 1) % Letters));
        var times = (int)((number - 1) / Letters) + 1;
        return DayOf(day) + new string(letter, times);
    }

    /// <summary>The part of the code that says the day: YYMMDD.</summary>
    public static string DayOf(DateOnly day) => day.ToString("yyMMdd", CultureInfo.InvariantCulture);
}
