// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Audit;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Hub.Accounts;

/// <summary>Makes the first administrator of an installation, at set-up, before the hub runs.</summary>
public static class FirstAdministrator
{
    /// <summary>The account name that set-up proposes.</summary>
    public const string ProposedName = "admin";

    /// <summary>Brings the hub's database to its present form and adds the administrator to it.</summary>
    /// <param name="database">The hub's database; it stays open.</param>
    /// <param name="name">Account name, 1 to 64 letters, digits or the signs . _ - @ +.</param>
    /// <param name="password">At least 8 characters.</param>
    /// <param name="clock">Where the time comes from.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The account name, or why not: a bad name, a short password, or accounts that are there already.</returns>
    public static async Task<Outcome<string>> Create(Database database, string name, string password, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!Account.CheckName(name).Is(out var goodName, out var refusal) || !Account.CheckPassword(password).Is(out _, out refusal))
        {
            return refusal;
        }

        database.Migrate(typeof(FirstAdministrator).Assembly);
        var account = new Account(0, goodName, goodName, new Passwords().Hash(password), Administrator: true, clock.GetUtcNow());
        if (!(await new AccountStore(database).Add(account, onlyAsFirst: true, cancellationToken)).Is(out var added, out refusal))
        {
            return refusal;
        }

        await new AuditStore(database, clock).Add("account.created", added.Name, "", "First administrator, made at set-up.", cancellationToken);
        return added.Name;
    }
}
