// SPDX-License-Identifier: Apache-2.0
using System.Net.Mail;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Accounts;

/// <summary>Somebody who may sign in.</summary>
internal sealed record Account(long Id, string Name, string DisplayName, string PasswordHash, bool Administrator, DateTimeOffset CreatedAt)
{
    /// <summary>The zone in which times are shown to them, such as Europe/Berlin; empty for that of their browser.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>Where notices go to; empty for nowhere.</summary>
    public string Mail { get; init; } = "";

    /// <summary>The group that it is in, or null.</summary>
    public long? GroupId { get; init; }

    /// <summary>Since when it may not sign in; null if it may.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Who signed in under an older one has to sign in again.</summary>
    public long Stamp { get; init; }

    /// <summary>Whether it may sign in.</summary>
    public bool MaySignIn => DisabledAt is null;

    /// <summary>Whether it may administer the installation now.</summary>
    public bool MayAdminister => Administrator && MaySignIn;

    /// <summary>Longest account name, in characters.</summary>
    public const int LongestName = 64;

    /// <summary>Longest mail address, in characters (RFC 5321 §4.5.3.1.3).</summary>
    public const int LongestMail = 254;

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

    /// <summary>Gives it another name for people, address, zone and role. With another role people have to sign in again: a cookie holds the role.</summary>
    public Outcome<Account> Describe(string displayName, string timeZone, bool administrator, string mail = "")
    {
        var trimmed = displayName.Trim();
        if (trimmed.Length is 0 or > LongestName)
        {
            return AccountRefusals.BadDisplayName();
        }

        var zone = timeZone.Trim();
        if (zone.Length > 0 && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            return AccountRefusals.UnknownZone(zone);
        }

        var address = mail.Trim();
        if (address.Length > 0 && (address.Length > LongestMail || !MailAddress.TryCreate(address, out var parsed) || parsed.Address != address))
        {
            return AccountRefusals.BadMail(address);
        }

        return this with
        {
            DisplayName = trimmed,
            Mail = address,
            TimeZone = zone,
            Administrator = administrator,
            Stamp = administrator == Administrator ? Stamp : Stamp + 1,
        };
    }

    /// <summary>Keeps it out from now on, and ends what it has open.</summary>
    public Account Disable(DateTimeOffset now) => MaySignIn ? this with { DisabledAt = now, Stamp = Stamp + 1 } : this;

    /// <summary>Lets it sign in again.</summary>
    public Account Enable() => this with { DisabledAt = null };

    /// <summary>Gives it another password; who is signed in with the old one has to sign in again.</summary>
    public Account WithPassword(string hash) => this with { PasswordHash = hash, Stamp = Stamp + 1 };

    /// <summary>Checks a password that is to be given to an account.</summary>
    public static Outcome<string> CheckPassword(string password) => password.Length switch
    {
        < ShortestPassword => AccountRefusals.ShortPassword(password.Length),
        > LongestPassword => AccountRefusals.LongPassword(),
        _ => password,
    };
}
