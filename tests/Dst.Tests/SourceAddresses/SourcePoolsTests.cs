// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.SourceAddresses;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Tests.SourceAddresses;

/// <summary>What <c>sources.ini</c> says, and what is wrong with it.</summary>
public sealed class SourcePoolsTests
{
    private const string Sound = """
        Source.mail1=192.0.2.1 mail1.example.com
        Source.mail2=192.0.2.2 mail2.example.com
        Source.mail3=2001:db8::3 mail3.example.com
        Pool.main=mail1, mail3
        Pool.offers=mail2
        Senders.main=*, calm.offers.example
        Senders.offers=offers.example, sale@shop.example
        WarmUp.mail2=gentle from 2026-12-01
        Plan.gentle=50, 100, 200
        Plan.gentle.google=20, 40
        """;

    [Theory]
    [InlineData("news@news.example", "news.example", "")]
    [InlineData("news@offers.example", "offers.example", "offers")]
    [InlineData("news@offers.example", "eu.OFFERS.example.", "offers")]
    [InlineData("news@x.offers.example", "other.example", "offers")]
    [InlineData("news@calm.offers.example", "calm.offers.example", "")]
    [InlineData("news@notoffers.example", "notoffers.example", "")]
    [InlineData("SALE@shop.example", "shop.example", "offers")]
    [InlineData("info@shop.example", "shop.example", "")]
    public void A_sender_has_the_pool_of_its_address_or_of_the_longest_ending_of_its_domain(string envelope, string domain, string pool) =>
        Assert.Equal(pool, Read(Sound).PoolOf(envelope, domain));

    [Fact]
    public void Pools_have_their_addresses()
    {
        var pools = Read(Sound);

        Assert.Equal(["", "offers"], pools.Names);
        Assert.Equal("main", pools.NameOfOthers);
        Assert.Equal(["mail1", "mail3"], pools.In("").Select(source => source.Name));
        Assert.Equal(["192.0.2.2 mail2.example.com"], pools.In("offers").Select(source => $"{source.Address} {source.HeloName}"));
        Assert.Equal(3, pools.All.Count);
    }

    [Theory]
    [InlineData("2026-11-30", 0L, 0L, false)]
    [InlineData("2026-12-01", 50L, 20L, false)]
    [InlineData("2026-12-02", 100L, 40L, false)]
    [InlineData("2026-12-03", 200L, null, false)]
    [InlineData("2026-12-04", null, null, true)]
    public void A_plan_grows_from_day_to_day_and_ends(string day, long? all, long? google, bool isOver)
    {
        var warmUp = Read(Sound).All.Single(source => source.Name == "mail2").WarmUp!;
        var date = DateOnly.Parse(day, null);

        Assert.Equal((all, google, isOver), (warmUp.ShareOn(date), warmUp.ShareOn(date, "google"), warmUp.IsOver(date)));
    }

    [Fact]
    public void Addresses_without_a_word_of_pools_are_one_pool()
    {
        var pools = Read("Source.a=192.0.2.1 a.example\nSource.b=192.0.2.2 b.example\nWarmUp.b=p from 2026-12-01\nPlan.p=1");

        Assert.False(pools.AreSeveral);
        Assert.Equal(["a", "b"], pools.In("").Select(source => source.Name));
        Assert.NotNull(pools.In("")[1].WarmUp);
    }

    [Theory]
    [InlineData("Source.a=192.0.2.1", "sources.ini:1: Source.a: '192.0.2.1' is not an address")]
    [InlineData("Source.a!=192.0.2.1 a.example", "sources.ini:1: Source.a!: is no name")]
    [InlineData("Source.a=192.0.2.1 a.example\nSource.b=192.0.2.1 b.example", "sources.ini:2: Source.b: 192.0.2.1 has a name already.")]
    [InlineData("Source.a=192.0.2.1 a.example\nPool.p=a, b\nSenders.p=*", "sources.ini:2: Pool.p: there is no Source.b.")]
    [InlineData("Source.a=192.0.2.1 a.example\nPool.p=\nSenders.p=*", "sources.ini:2: Pool.p: is empty.")]
    [InlineData("Source.a=192.0.2.1 a.example\nPool.p=a", "has no pool for the mail of all other senders. Add Senders.NAME=*")]
    [InlineData("Source.a=192.0.2.1 a.example\nPool.p=a\nPool.q=a\nSenders.p=*\nSenders.q=*", "sources.ini:5: Senders.q: * belongs to p already.")]
    [InlineData("Source.a=192.0.2.1 a.example\nPool.p=a\nPool.q=a\nSenders.p=*, x.example\nSenders.q=x.example", "Senders.q: x.example belongs to p already.")]
    [InlineData("Source.a=192.0.2.1 a.example\nSource.b=192.0.2.2 b.example\nPool.p=a\nSenders.p=*", "sources.ini:2: Source.b: b is in no pool.")]
    [InlineData("Source.a=192.0.2.1 a.example\nSenders.p=*", "Senders.p: there is no Pool.p")]
    [InlineData("WarmUp.a=p from 2026-12-01\nPlan.p=1", "WarmUp.a: there is no Source.a.")]
    [InlineData("Source.a=192.0.2.1 a.example\nWarmUp.a=p from 1.12.2026\nPlan.p=1", "WarmUp.a: wants a plan and its first day")]
    [InlineData("Source.a=192.0.2.1 a.example\nWarmUp.a=p from 2026-12-01", "WarmUp.a: there is no Plan.p.")]
    [InlineData("Plan.p=1, many", "Plan.p: wants the messages of the first day")]
    [InlineData("Sources=192.0.2.1 a.example", "sources.ini:1: Sources: is unknown.")]
    public void A_mistake_is_named_with_its_line(string text, string complaint)
    {
        SourcePools.Of(IniFile.Parse("sources.ini", text), out var complaints);

        Assert.Contains(complaints, found => found.ToString().Contains(complaint, StringComparison.Ordinal));
    }

    private static SourcePools Read(string text)
    {
        var pools = SourcePools.Of(IniFile.Parse("sources.ini", text), out var complaints);
        Assert.Empty(complaints);
        return pools;
    }
}
