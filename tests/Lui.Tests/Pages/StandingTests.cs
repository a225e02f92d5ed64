// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Dapper;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Pages;

/// <summary>What becomes of people who are signed in when their account changes at the hub.</summary>
public sealed class StandingTests(StaffedServer staffed) : IClassFixture<StaffedServer>
{
    private const string Password = "correct horse";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_that_got_another_password_or_was_disabled_is_signed_out_of_the_pages()
    {
        await using var hub = Database.OnSqlite(staffed.HubFile);
        await Do(hub, """
            INSERT INTO account (id, name, name_key, display_name, password_hash, administrator, created_at)
            SELECT 2, 'anna', 'anna', 'Anna', password_hash, 0, created_at FROM account WHERE id = 1
            """);
        using var visitor = staffed.Stranger();
        using var other = staffed.Stranger();
        using var came = await visitor.SignIn("/sign-in", "anna", Password);
        using var open = await visitor.Get("/");
        using var cameToo = await other.SignIn("/sign-in", "anna", Password);

        await Do(hub, "UPDATE account SET stamp = stamp + 1 WHERE id = 2");
        using var again = staffed.Stranger();
        using var cameAgain = await again.SignIn("/sign-in", "anna", Password);
        using var welcome = await again.Get("/");
        using var late = await other.Get("/");
        await Do(hub, "UPDATE account SET disabled_at = 1, stamp = stamp + 1 WHERE id = 2");
        using var kept = staffed.Stranger();
        using var refused = await kept.SignIn("/sign-in", "anna", Password);

        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        Assert.Equal(HttpStatusCode.OK, welcome.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, late.StatusCode);
        Assert.Contains("/sign-in", late.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
    }

    private static Task<int> Do(Database hub, string sql) => hub.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, transaction: transaction, cancellationToken: Stop)), Stop);
}
