// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.Commands.Jobs;

namespace Tutti.Commands.Tests.Jobs;

public sealed class JobReceiptTests
{
    private static readonly JobReceipt _receipt = new("261124A", "completed", 50_704, 50_205, 390, 12, 88, 6, 0, 3);

    [Fact]
    public void It_adds_up_only_if_every_recipient_is_in_one_term()
    {
        Assert.True(_receipt.AddsUp);
        Assert.False((_receipt with { Accepted = 50_204 }).AddsUp);
        Assert.True((_receipt with { Accepted = 50_204, Waiting = 1 }).AddsUp);
    }

    [Fact]
    public void It_is_final_only_if_nobody_waits()
    {
        Assert.True(_receipt.IsFinal);
        Assert.False((_receipt with { Accepted = 50_204, Waiting = 1 }).IsFinal);
    }

    [Fact]
    public void People_can_check_it_by_eye() => Assert.Equal(
        "planned 50,704 = accepted 50,205 + refused 390 + expired 12 + suppressed 88 + withdrawn 6 + in doubt 3 + waiting 0", _receipt.ToString());

    [Fact]
    public void It_says_before_everything_else_that_nobody_got_a_message() =>
        Assert.StartsWith("only simulated, nobody got a message: planned 50,704 = ", (_receipt with { Simulated = true }).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Scripts_get_every_term_under_its_name()
    {
        using var json = JsonDocument.Parse(_receipt.ToJson());

        Assert.Equal(
            ["job", "state", "planned", "accepted", "refused", "expired", "suppressed", "withdrawn", "waiting", "inDoubt", "simulated"],
            json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(3, json.RootElement.GetProperty("inDoubt").GetInt64());
        Assert.False(json.RootElement.GetProperty("simulated").GetBoolean());
    }
}
