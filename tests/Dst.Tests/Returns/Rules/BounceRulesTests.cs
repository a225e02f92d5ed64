// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Returns.Rules;
using Tutti.Testing;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Tests.Returns.Rules;

public sealed class BounceRulesTests
{
    [Theory]
    [InlineData("550 5.1.1 <x@y.example>: Recipient address rejected: User unknown", BounceClass.Hard)]
    [InlineData("550 No such user here", BounceClass.Hard)]
    [InlineData("552 5.2.2 Mailbox full", BounceClass.Soft)]
    [InlineData("552 Requested mail action aborted: exceeded storage allocation", BounceClass.Soft)]
    [InlineData("550 5.7.1 Our system has detected that this message is likely unsolicited mail", BounceClass.Policy)]
    [InlineData("554 5.7.26 This mail is unauthenticated: SPF and DKIM did not pass", BounceClass.Policy)]
    [InlineData("554 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org", BounceClass.Policy)]
    [InlineData("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", BounceClass.Hard)]
    [InlineData("550 5.7.1 User unknown in relay recipient table", BounceClass.Hard)]
    [InlineData("450 4.2.1 The user you are trying to contact is receiving mail at a rate that is too high", BounceClass.Transient)]
    [InlineData("452 4.2.2 The email account that you tried to reach is over quota", BounceClass.Soft)]
    [InlineData("421 4.7.0 Try again later", BounceClass.Transient)]
    [InlineData("550 host 192.0.5.1 does not like it", BounceClass.Soft)]
    [InlineData("5.5.5 something that no rule knows", BounceClass.Soft)]
    public void A_reply_has_a_class(string reply, object expected) => Assert.Equal(expected, BounceRulesFile.Shipped.Classify(reply));

    [Fact]
    public void The_enhanced_code_decides_before_the_reply_code_and_that_before_the_words()
    {
        var rules = Read("/anything/ = policy", "550 = soft", "5.1.1 = hard", "5.1.x = transient");
        Assert.Equal(BounceClass.Hard, rules.Classify("550 5.1.1 anything"));
        Assert.Equal(BounceClass.Transient, rules.Classify("550 5.1.6 anything"));
        Assert.Equal(BounceClass.Soft, rules.Classify("550 5.9.9 anything"));
        Assert.Equal(BounceClass.Policy, rules.Classify("554 5.9.9 anything"));
    }

    [Fact]
    public void Among_rules_for_one_code_the_one_that_names_most_counts_else_the_first()
    {
        var rules = Read("5.x.x = soft", "5.1.x = policy", "5.1.1 /unknown/ = hard", "5.1.1 /.*/ = transient", "5.1.1 = soft");
        Assert.Equal(BounceClass.Hard, rules.Classify("5.1.1 unknown"));
        Assert.Equal(BounceClass.Transient, rules.Classify("5.1.1 other"));
        Assert.Equal(BounceClass.Policy, rules.Classify("5.1.2 x"));
        Assert.Equal(BounceClass.Soft, rules.Classify("5.3.0 x"));
    }

    [Fact]
    public void An_administrators_file_goes_before_the_shipped_rules_and_leaves_the_rest_to_them()
    {
        using var folder = new TemporaryFolder();
        Assert.Same(BounceRulesFile.Shipped, BounceRulesFile.Read(folder.Path));
        File.WriteAllLines(BounceRulesFile.In(folder.Path), ["# ours", "", "/nobody home/ = hard", "5.2.2 = hard"]);
        var rules = BounceRulesFile.Read(folder.Path);
        Assert.Equal(BounceClass.Hard, rules.Classify("552 5.2.2 full"));
        Assert.Equal(BounceClass.Hard, rules.Classify("550 Nobody home"));
        Assert.Equal(BounceClass.Policy, rules.Classify("550 5.7.1 spam"));
    }

    [Fact]
    public void Mistakes_name_file_line_and_key_all_at_once()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(BounceRulesFile.In(folder.Path), ["5.1.1 = hard", "5.1.1 = had", "5.1 = hard", "# 9", "/(/ = soft", "= soft", "550", "250 = soft", "/(a)\\1/ = soft"]);
        var complaints = Assert.Throws<ConfigurationException>(() => BounceRulesFile.Read(folder.Path)).Complaints;
        Assert.Equal([2, 3, 5, 6, 7, 8, 9], complaints.Select(complaint => complaint.Line!.Value));
        Assert.Equal("bounces.rules:2: 5.1.1: 'had' is not a class. Allowed: hard, soft, policy, transient, complaint.", complaints[0].ToString());
        Assert.StartsWith("bounces.rules:3: 5.1: is neither a code", complaints[1].ToString(), StringComparison.Ordinal);
        Assert.StartsWith("bounces.rules:5: /(/: its words are no regular expression", complaints[2].ToString(), StringComparison.Ordinal);
    }

    private static BounceRules Read(params string[] lines)
    {
        var complaints = new List<Complaint>();
        var rules = BounceRulesFile.Parse("test", lines, complaints);
        Assert.Empty(complaints);
        return new BounceRules(rules);
    }
}
