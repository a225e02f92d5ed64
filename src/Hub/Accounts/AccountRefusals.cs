// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Accounts;

internal static class AccountRefusals
{
    public static Refusal BadName() =>
        new(RefusalKind.Invalid, "account.bad-name", SharedWords.Fill(AccountsWords.BadName, SharedWords.Number(Account.LongestName)), "Name");

    public static Refusal ShortPassword(int length) =>
        new(RefusalKind.Invalid, "account.short-password", SharedWords.Fill(AccountsWords.ShortPassword, SharedWords.Number(length), SharedWords.Number(Account.ShortestPassword)), "Password");

    public static Refusal LongPassword() =>
        new(RefusalKind.Invalid, "account.long-password", SharedWords.Fill(AccountsWords.LongPassword, Account.LongestPassword.ToString(CultureInfo.InvariantCulture)), "Password");

    public static Refusal NameTaken(string name) =>
        new(RefusalKind.Conflict, "account.name-taken", SharedWords.Fill(AccountsWords.NameTaken, name), "Name");

    public static Refusal BadDisplayName() =>
        new(RefusalKind.Invalid, "account.bad-display-name", SharedWords.Fill(AccountsWords.BadDisplayName, SharedWords.Number(Account.LongestName)), "DisplayName");

    public static Refusal UnknownZone(string zone) =>
        new(RefusalKind.Invalid, "account.unknown-zone", SharedWords.Fill(AccountsWords.UnknownZone, zone), "TimeZone");

    public static Refusal BadMail(string address) =>
        new(RefusalKind.Invalid, "account.bad-mail", SharedWords.Fill(AccountsWords.BadMail, address), "Mail");

    public static Refusal Unknown(long id) =>
        new(RefusalKind.NotFound, "account.not-found", SharedWords.Fill(AccountsWords.NoSuchAccount, id.ToString(CultureInfo.InvariantCulture)));

    public static Refusal LastAdministrator(string name) =>
        new(RefusalKind.Conflict, "account.last-administrator", SharedWords.Fill(AccountsWords.LastAdministrator, name));

    public static Refusal AlreadySetUp() =>
        new(RefusalKind.Conflict, "account.already-set-up", AccountsWords.AlreadySetUp);
}
