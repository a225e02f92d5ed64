// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Lui.Suppression;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Suppression;

public abstract class SuppressionSpec : WorldSpec
{
    [Fact]
    public async Task Changes_are_numbered_without_gaps_and_every_distributor_copies_them()
    {
        await Add("One@Rcpt.example", "two@rcpt.example");
        await Add("two@rcpt.example", "three@rcpt.example");
        await Lift("two@rcpt.example");
        World.Distributor.Opening.Plan(Trick.None, Trick.LoseAnswer);
        await World.Lui.Read();
        await World.Lui.Read();

        Assert.Equal([1ul, 2ul, 3ul, 4ul], World.Distributor.Suppressed.Select(change => change.Number));
        Assert.Equal("one@rcpt.example", World.Distributor.Suppressed[0].Address);
        Assert.False(World.Distributor.Suppressed[3].Suppressed);
        Assert.Equal(2, await Store.Count(Token));
    }

    [Fact]
    public async Task A_distributor_whose_copy_was_lost_gets_all_changes_again()
    {
        await Add("one@rcpt.example");
        await World.Lui.Read();
        World.Distributor.Replace();
        await Add("two@rcpt.example");

        await World.Lui.Read();
        await World.Lui.Read();

        Assert.Equal(2, World.Distributor.Suppressed.Count);
    }

    [Fact]
    public async Task Changes_made_at_the_same_time_have_numbers_in_the_order_of_their_commits()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() => Add($"r{number}@rcpt.example", $"s{number}@rcpt.example"))));

        Assert.Equal(40, await Store.LastNumber(Token));
        Assert.Equal(Enumerable.Range(1, 40).Select(number => (long)number), (await Store.ChangesAfter(0, 100, Token)).Select(change => change.Number));
    }

    [Fact]
    public async Task A_file_is_taken_line_by_line_and_what_is_no_address_is_named()
    {
        var csv = "EMAIL,REASON\r\na@rcpt.example,complained\r\nnobody,x\r\n\"b@rcpt.example\",\r\na@rcpt.example,again\r\n";
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(csv));

        var import = await World.Lui.Get<ImportSuppression>().Handle(body, Ada, Token);

        Assert.Equal((2, 1), (import.New, import.Known));
        Assert.Equal(3, Assert.Single(import.SetApart).Number);
        Assert.Equal("complained", (await Store.Find("a@rcpt.example", Token))!.Reason);
        Assert.Equal("added by Ada", (await Store.Find("b@rcpt.example", Token))!.Reason);
    }

    [Fact]
    public async Task A_list_with_an_address_that_is_none_changes_nothing()
    {
        var outcome = await World.Lui.Get<SuppressAddress>().Handle(new SuppressAddress.Command(["a@rcpt.example", "nobody"], "", Ada), Token);

        Assert.Equal("suppression.address", outcome.Refusal.Code);
        Assert.Equal(0, await Store.Count(Token));
    }

    [Fact]
    public async Task The_list_is_paged_and_searched()
    {
        await Add("a_1@rcpt.example", "ab1@rcpt.example", "b@other.example");

        var page = await Store.List("", "", 2, Token);
        Assert.Equal(["a_1@rcpt.example", "ab1@rcpt.example"], page.Select(one => one.Address));
        Assert.Equal(["b@other.example"], (await Store.List(page[^1].Address, "", 2, Token)).Select(one => one.Address));
        Assert.Equal(["a_1@rcpt.example"], (await Store.List("", "A_1", 5, Token)).Select(one => one.Address));
    }

    private SuppressionStore Store => World.Lui.Get<SuppressionStore>();

    private async Task Add(params IReadOnlyList<string> addresses) =>
        _ = (await World.Lui.Get<SuppressAddress>().Handle(new SuppressAddress.Command(addresses, "asked", Ada), Token)).Value;

    private async Task Lift(string address) =>
        _ = (await World.Lui.Get<LiftSuppression>().Handle(new LiftSuppression.Command(address, Ada), Token)).Value;
}

public sealed class SuppressionOnSqlite : SuppressionSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class SuppressionOnPostgres(PostgresServer server) : SuppressionSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
