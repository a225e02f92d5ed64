// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Accounts;

/// <summary>Somebody who may sign in.</summary>
internal sealed record Account(long Id, string Name, string DisplayName, string PasswordHash, bool Administrator, DateTimeOffset CreatedAt)
{
    /// <summary>Longest account name, in characters.</summary>
    public const int LongestName = 64;

    /// <summary>Shortest password, in characters.</summary>
    public const int ShortestPassword = 8;

    /// <summary>Longest password, in characters. The bound keeps a sign-in from costing an attacker's megabyte of hashing.</summary>
    public const int LongestPassword = 1024;

    /// <summary>The form in which names are compared. Upper and lower case are the same; what is too long is cut, as no account can bear it.</summary>
    public static string KeyOf(string name)
    {
        var trimmed = name.Trim().ToLowerInvariant();
        return trimmed.Length <= LongestName ? trimmed : trimmed[..LongestName];
    }

    /// <summary>Checks a name that is to be given to a new account.</summary>
    public static Outcome<string> CheckName(string name)
    {
        var trimmed = name.Trim();
        return trimmed.Length is 0 or > LongestName || !trimmed.All(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' or '@' or '+')
            ? AccountRefusals.BadName()
            : trimmed;
    }

    /// <summary>Checks a password that is to be given to an account.</summary>
    public static Outcome<string> CheckPassword(string password) => password.Length switch
    {
        < ShortestPassword => AccountRefusals.ShortPassword(password.Length),
        > LongestPassword => AccountRefusals.LongPassword(),
        _ => password,
    };
}
