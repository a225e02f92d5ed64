// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Feeds;

/// <summary>Words of strangers, such as a receiver's reply or a browser's name, as a database takes them.</summary>
internal static class PlainText
{
    /// <summary>The text without control characters; PostgreSQL refuses a whole batch for one NUL.</summary>
    public static string Of(string text) => text.Any(char.IsControl) ? string.Concat(text.Where(one => !char.IsControl(one))) : text;
}
