// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Merging;

/// <summary>Merge fields that every message has, whatever the recipients file holds.</summary>
public static class SystemFields
{
    /// <summary>The recipient's address; a column of that name wins.</summary>
    public const string Address = "address";

    /// <summary>The recipient's address under its other name; a column of that name wins.</summary>
    public const string Email = "email";

    /// <summary>The recipient's display name; a column of that name wins.</summary>
    public const string Name = "name";

    /// <summary>The recipient's own unsubscribe URL; never taken from a column.</summary>
    public const string UnsubscribeUrl = "unsubscribe_url";

    /// <summary>The address at which the recipient sees the message in a browser; never taken from a column.</summary>
    public const string ViewUrl = "view_in_browser_url";

    /// <summary>The address at which the recipient sees what is held of him or her; never taken from a column.</summary>
    public const string ProfileUrl = "profile_url";

    private static readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase) { Address, Email, Name, UnsubscribeUrl, ViewUrl, ProfileUrl };

    /// <summary>Is this a field that needs no column?</summary>
    public static bool Contains(string name) => _names.Contains(name);
}
