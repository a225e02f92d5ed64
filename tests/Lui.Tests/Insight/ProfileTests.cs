// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.RegularExpressions;
using Dapper;
using Tutti.Lui.Suppression;
using Tutti.Lui.Tests.Rest;
using Tutti.Lui.Viewing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Insight;

/// <summary>The page on which a recipient sees what is held, over a real socket.</summary>
public sealed partial class ProfileTests : IAsyncLifetime
{
    private RestServer _server = null!;
    private long _job;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await RestServer.Start(Stop);
        _job = (await _server.Call(HttpMethod.Post, "jobs", new { title = "Secret plans" }, HttpStatusCode.Created)).GetProperty("number").GetInt64();
        await _server.Get<Database>().Write(
            transaction => transaction.Connection!.ExecuteAsync(
                """
                INSERT INTO recipient_source (id, job_id, state, file_name, file_size, encoding, delimiter, quote, has_header, columns, address_column, valid, invalid, duplicates, by_id, by_name, created_at)
                VALUES (900, @job, 'ready', 'spring.csv', 1, 'utf-8', ',', '"', 1, '["email","name","city"]', 0, 2, 0, 0, '1', 'Ada', 0);
                INSERT INTO recipient (recipients_id, id, address, normalized, display_name, fields) VALUES (900, 1, 'Ann@rcpt.example', 'ann@rcpt.example', 'Ann', '["Ann@rcpt.example","Ann <b>Bold</b>",""]'),
                    (900, 2, 'ben@rcpt.example', 'ben@rcpt.example', 'Ben', '["ben@rcpt.example","Ben","Ulm"]');
                INSERT INTO delivery (id, job_id, kind, state, recipients_id, message, publication, plan, tracking, tracking_url, planned, last_id, claimed_to, batches, course, course_number, due_at, started_at)
                VALUES (@job, @job, 'job', 'closed', 900, x'', x'', '', 'personal', '', 2, 2, 2, 1, 'run', 1, 0, 0);
                UPDATE job SET sender_name = 'The Society', sender_address = 'news@sender.example' WHERE id = @job;
                """,
                new { job = _job },
                transaction),
            Stop);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Looking_shows_what_is_held_and_changes_nothing_and_saving_with_the_pages_token_ends_mail()
    {
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = _server.Address };
        var path = new Uri(await Link(1)).AbsolutePath;
        using (var shown = await browser.GetAsync(path, Stop))
        {
            var page = await shown.Content.ReadAsStringAsync(Stop);
            Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
            Assert.Contains("Ann &lt;b&gt;Bold&lt;/b&gt;", page, StringComparison.Ordinal);
            Assert.Contains("The Society (news@sender.example)", page, StringComparison.Ordinal);
            Assert.DoesNotContain("Secret plans", page, StringComparison.Ordinal);
            Assert.DoesNotContain("Ben", page, StringComparison.Ordinal);
            Assert.Contains("default-src 'none'", shown.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal(0, await Suppressed());

            // Without the page's token nothing is saved, whoever sends it.
            using var forged = await browser.PostAsync(path, Form(("no-more", "1")), Stop);
            Assert.Equal((HttpStatusCode.BadRequest, 0L), (forged.StatusCode, await Suppressed()));

            var token = TokenField().Match(page);
            using var nothing = await browser.PostAsync(path, Form((token.Groups[1].Value, token.Groups[2].Value)), Stop);
            Assert.Equal((HttpStatusCode.OK, 0L), (nothing.StatusCode, await Suppressed()));
            using var saved = await browser.PostAsync(path, Form((token.Groups[1].Value, token.Groups[2].Value), ("no-more", "1")), Stop);
            Assert.Contains("No more mail is sent to you", await saved.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }

        var entry = Assert.Single(await _server.Get<SuppressionStore>().List("", "", 10, Stop));
        Assert.Equal(("ann@rcpt.example", "unsubscribe"), (entry.Address, entry.Source));
    }

    [Fact]
    public async Task Links_that_were_not_made_for_it_show_nothing()
    {
        using var browser = new HttpClient { BaseAddress = _server.Address };
        var link = new Uri(await Link(1)).AbsolutePath;
        var view = new Uri((await _server.Get<ViewLinks>().Writer(Stop)).Of(_job, 1)).AbsolutePath;
        string[] odd = [view.Replace(ViewLinks.Root, ViewLinks.ProfileRoot, StringComparison.Ordinal), link[..^2] + (link[^2] == 'A' ? "BB" : "AA"), ViewLinks.ProfileRoot + "x", new Uri(await Link(99)).AbsolutePath];
        foreach (var one in odd)
        {
            using var answer = await browser.GetAsync(one, Stop);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            using var posted = await browser.PostAsync(one, Form(("no-more", "1")), Stop);
            Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
        }

        Assert.Equal(0, await Suppressed());
    }

    private async Task<string> Link(long recipient) => (await _server.Get<ViewLinks>().Writer(Stop)).ProfileOf(_job, recipient);

    private Task<long> Suppressed() => _server.Get<SuppressionStore>().Count(Stop);

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] values) => new(values.Select(value => KeyValuePair.Create(value.Name, value.Value)));

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]+)\">")]
    private static partial Regex TokenField();
}
