// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Accounts;

internal static class AccountRefusals
{
    public static Refusal BadName() =>
        new(RefusalKind.Invalid, "account.bad-name", $"An account name has 1 to {Account.LongestName} letters, digits or the signs . _ - @ + and no blanks.", "Name");

    public static Refusal ShortPassword(int length) =>
        new(RefusalKind.Invalid, "account.short-password", $"The password has {length} characters; it needs at least {Account.ShortestPassword}.", "Password");

    public static Refusal LongPassword() =>
        new(RefusalKind.Invalid, "account.long-password", $"The password is longer than {Account.LongestPassword} characters.", "Password");

    public static Refusal NameTaken(string name) =>
        new(RefusalKind.Conflict, "account.name-taken", $"There is an account named {name} already. Choose another name.", "Name");

    public static Refusal AlreadySetUp() =>
        new(RefusalKind.Conflict, "account.already-set-up", "This administration hub has accounts already; the first administrator is made only once.");
}
