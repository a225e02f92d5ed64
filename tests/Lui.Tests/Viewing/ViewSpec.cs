// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Tutti.Lui.Attachments;
using Tutti.Lui.Content;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Tests.World;
using Tutti.Lui.Viewing;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Viewing;

public abstract partial class ViewSpec : WorldSpec
{
    private static readonly byte[] _png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    [Fact]
    public async Task Each_recipient_sees_the_message_as_it_was_sent_with_its_own_links_and_images()
    {
        var job = await Sent("<p>Dear {{ name }} {% if city == 'Bonn' %}in Bonn{% endif %}</p><a href=\"{{ view_in_browser_url }}\">See it</a><a href=\"https://example.org/a\">a</a><a href=\"{{ unsubscribe_url }}\">leave</a><img src=\"cid:a.png\" alt=\"A\">");
        var links = Links(job);
        Assert.Equal(3, links.Distinct().Count());
        await World.Restart();

        var second = (await View(links[1]))!;
        Assert.Contains("Dear Nr 2 in Bonn", second.Html, StringComparison.Ordinal);
        Assert.Contains(links[1], second.Html, StringComparison.Ordinal);
        Assert.Contains($"src=\"data:image/png;base64,{Convert.ToBase64String(_png)}\"", second.Html, StringComparison.Ordinal);
        Assert.Matches("href=\"http[^\"]*/c/", second.Html!);
        Assert.Matches("href=\"http[^\"]*/u/", second.Html!);
        Assert.DoesNotMatch("/o/[A-Za-z0-9_-]", second.Html!);
        Assert.DoesNotContain("in Bonn", (await View(links[0]))!.Html!, StringComparison.Ordinal);

        // As it was sent, whatever people write afterwards.
        await World.Lui.Database.Write(transaction => transaction.Connection!.ExecuteAsync("UPDATE content SET html = 'other'", transaction: transaction), Token);
        Assert.Equal(second.Html, (await View(links[1]))!.Html);
    }

    [Fact]
    public async Task A_link_cannot_be_guessed_from_another_one_nor_made_by_who_knows_the_numbers()
    {
        var job = await Sent("<a href=\"{{ view_in_browser_url }}\">See it</a>");
        var token = Links(job)[0][(Links(job)[0].LastIndexOf('/') + 1)..];
        Assert.NotNull(await World.Lui.Get<ViewMessage>().Handle(token, Token));
        var bytes = Base64Url.DecodeFromChars(token);
        for (var at = 0; at < bytes.Length; at++)
        {
            var forged = bytes.ToArray();
            forged[at] ^= 1;
            Assert.Null(await World.Lui.Get<ViewMessage>().Handle(Base64Url.EncodeToString(forged), Token));
        }

        foreach (var odd in new[] { "", "x", token[..^1], token + "A", token + "=", token.Replace(token[0], '%'), "../" + token })
        {
            Assert.Null(await World.Lui.Get<ViewMessage>().Handle(odd, Token));
        }
    }

    [Fact]
    public async Task A_message_can_be_seen_for_a_year_and_no_longer_than_its_recipient_is_known()
    {
        var job = await Sent("<a href=\"{{ view_in_browser_url }}\">See it</a>");
        var links = Links(job);
        World.Clock.Advance(TimeSpan.FromDays(364));
        Assert.NotNull(await View(links[0]));
        await World.Lui.Database.Write(
            transaction => transaction.Connection!.ExecuteAsync("DELETE FROM recipient WHERE id = 2", transaction: transaction), Token);
        Assert.Null(await View(links[1]));
        World.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Null(await View(links[0]));
    }

    [Fact]
    public async Task Looking_changes_nothing()
    {
        var job = await Sent("<a href=\"{{ view_in_browser_url }}\">See it</a>");
        var before = await Everything();

        Assert.NotNull(await View(Links(job)[0]));

        Assert.Equal(before, await Everything());
    }

    [Fact]
    public async Task Who_gets_a_test_sees_it_with_the_data_of_the_sample()
    {
        var job = await World.Lui.Prepare(3);
        _ = (await World.Lui.Get<SaveContent>().Handle(new SaveContent.Command(job.Id, Ada, "Hello", "", "{{ name }} {{ view_in_browser_url }}"), Token)).Value;
        _ = (await World.Lui.Get<SendTest>().Handle(new(job.Id, Ada, ["ada@example.org"], [3]), Token)).Value;
        await World.Settle();

        var link = Assert.Single(World.Distributor.Taken).Recipient.Values.Single(value => value.Contains(ViewLinks.Root, StringComparison.Ordinal));
        Assert.StartsWith("Nr 3 ", (await View(link))!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_drop_in_ProfileURL_becomes_a_link_of_each_recipients_own_that_opens_no_message()
    {
        var job = await Sent("<a href=\"[[*ProfileURL]]\">What we know of you</a>");
        var links = World.Distributor.Taken.Where(one => one.Job == (ulong)job.Id).Select(one => one.Recipient.Values.Single(value => value.Contains(ViewLinks.ProfileRoot, StringComparison.Ordinal))).ToList();
        Assert.Equal(links.Count, links.Distinct().Count());
        foreach (var link in links)
        {
            var token = link[(link.IndexOf(ViewLinks.ProfileRoot, StringComparison.Ordinal) + ViewLinks.ProfileRoot.Length)..];
            Assert.Equal(job.Id, (await World.Lui.Get<ViewLinks>().ReadProfile(token, Token))!.Value.DeliveryId);
            Assert.Null(await World.Lui.Get<ViewMessage>().Handle(token, Token));
        }
    }

    [Fact]
    public async Task Without_the_field_no_link_is_made_and_with_it_nobody_lacks_a_value()
    {
        var job = await World.Lui.Prepare(3);
        _ = (await World.Lui.Get<SaveContent>().Handle(new SaveContent.Command(job.Id, Ada, "Hello", "<a href=\"{{ view_in_browser_url }}\">x</a>", ""), Token)).Value;

        var preview = (await World.Lui.Get<PreviewContent>().Handle(new(job.Id), Token)).Value;
        var report = (await World.Lui.Get<Lui.Preflight.RunPreflight>().Handle(job.Id, Token)).Value;

        Assert.Empty(preview.MissingFields);
        Assert.Empty(preview.EmptyFields);
        Assert.DoesNotContain(report.Findings, finding => finding.Words.Contains("view_in_browser_url", StringComparison.Ordinal));
    }

    [GeneratedRegex("[^\"\\s]*/s/v/[A-Za-z0-9_-]{32}")]
    private static partial Regex Link();

    private async Task<Job> Sent(string html)
    {
        var job = await World.Lui.Prepare(3);
        using var image = new MemoryStream(_png);
        _ = (await World.Lui.Get<AddFile>().Handle(new(job.Id, Ada, "a.png", image, AsImage: true), Token)).Value;
        _ = (await World.Lui.Get<SaveContent>().Handle(new(job.Id, Ada, "Hello {{ name }}", html, ""), Token)).Value;
        _ = (await World.Lui.Get<WaiveTest>().Handle(new(job.Id, Ada), Token)).Value;
        await World.Lui.PassPreflight(await World.Lui.Job(job.Id));
        _ = (await World.Lui.Get<AuthorizeJob>().Handle(new(job.Id, Ada), Token)).Value;
        await World.Settle();
        return job;
    }

    private List<string> Links(Job job) =>
        [.. World.Distributor.Taken.Where(taken => taken.Job == (ulong)job.Id).OrderBy(taken => taken.Recipient.Id).Select(taken => Link().Match(string.Join('\n', taken.Recipient.Values)).Value)];

    private Task<Mail.Composing.MessagePreview?> View(string link) => World.Lui.Get<ViewMessage>().Handle(link[(link.LastIndexOf('/') + 1)..], Token);

    private async Task<string> Everything()
    {
        var text = new StringBuilder();
        foreach (var table in new[] { "job", "job_journal", "delivery", "outcome", "tracker_event", "recipient", "content" })
        {
            text.Append(await World.Lui.Database.Write(
                async transaction => string.Join('\n', (await transaction.Connection!.QueryAsync($"SELECT * FROM {table}", transaction: transaction)).Select(row => string.Join('|', ((IDictionary<string, object?>)row).Values))), Token));
        }

        return text.ToString();
    }
}

public sealed class ViewOnSqlite : ViewSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class ViewOnPostgres(PostgresServer server) : ViewSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
