// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Tutti.Lui.Preflight;
using Tutti.Lui.Preflight.Links;
using Tutti.Lui.Preflight.Rules;
using Tutti.Testing;

namespace Tutti.Lui.Tests.Preflight.Links;

public sealed class AskLinksTests : IAsyncLifetime
{
    private const string Allowed = "127.0.0.1/32";
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly TaskCompletionSource _hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _site = null!;
    private int _port;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _site = builder.Build();
        _site.Run(Answer);
        await _site.StartAsync(Token);
        _port = new Uri(_site.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Theory]
    [InlineData("/there", "Alive", "answers 200")]
    [InlineData("/only-get", "Alive", "answers 200")]
    [InlineData("/members", "Alive", "answers 403")]
    [InlineData("/gone", "Dead", "answers 410")]
    [InlineData("/nothing", "Dead", "answers 404")]
    [InlineData("/broken", "Troubled", "answers 503")]
    [InlineData("/moved", "Alive", "answers 200")]
    [InlineData("/moved-away", "Dead", "answers 404")]
    [InlineData("/round", "Dead", "redirects again and again")]
    [InlineData("/to-ftp", "Dead", "redirects to something that is no web page")]
    [InlineData("/large-head", "Troubled", "broke off its answer")]
    public async Task A_link_is_judged_by_what_it_answers(string path, string fate, string words)
    {
        var answer = Assert.Single(await Ask(Allowed, Url(path)));

        Assert.Equal((fate, words), (answer.Fate.ToString(), answer.Words));
    }

    [Fact]
    public async Task A_host_without_an_address_and_one_where_nobody_answers_are_dead()
    {
        var answers = await Ask(Allowed, "http://nobody.example/", $"http://127.0.0.1:{FreePort.Next()}/");

        Assert.Equal(["has a host name that does not exist", "is on a host where nobody answers"], answers.Select(answer => answer.Words));
        Assert.All(answers, answer => Assert.Equal(LinkFate.Dead, answer.Fate));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/there")]
    [InlineData("http://localhost:{0}/there")]
    [InlineData("http://2130706433:{0}/there")]
    [InlineData("http://0x7f.1:{0}/there")]
    [InlineData("http://[::1]:{0}/there")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/there")]
    [InlineData("http://inside.example:{0}/there")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    public async Task A_private_address_is_refused_however_it_is_written(string url)
    {
        var answer = Assert.Single(await Ask("", string.Format(System.Globalization.CultureInfo.InvariantCulture, url, _port)));

        Assert.Equal(LinkFate.Private, answer.Fate);
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task A_redirect_does_not_lead_inside()
    {
        var answer = Assert.Single(await Ask(Allowed, Url("/inside")));

        Assert.Equal(LinkFate.Private, answer.Fate);
        Assert.All(_asked, asked => Assert.EndsWith("/inside", asked, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_dialled_is_what_was_judged_though_a_name_answers_differently_each_time()
    {
        var answers = new Queue<IPAddress[]>([[IPAddress.Parse("127.0.0.1")], [IPAddress.Parse("127.0.0.2")]]);
        using var ask = Links(Allowed, (_, _) => Task.FromResult(answers.Dequeue()));

        // The first answer is allowed; the redirect closes the connection and looks the name up anew.
        var answer = Assert.Single(await ask.Handle([$"http://changing.example:{_port}/moved-and-closed"], Token));

        Assert.Equal(LinkFate.Private, answer.Fate);
        Assert.Empty(answers);
        Assert.DoesNotContain(_asked, asked => asked.EndsWith("/there", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_body_without_end_nothing_is_read()
    {
        var answer = Assert.Single(await Ask(Allowed, Url("/endless")));

        Assert.Equal(LinkFate.Alive, answer.Fate);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_given_up()
    {
        var clock = new FakeTimeProvider();
        using var ask = new AskLinks(new PreflightSettings { LinkCheckNetworks = Allowed }, clock);

        var asking = ask.Handle([Url("/hangs")], Token);
        await _hangs.Task.WaitAsync(Token);
        clock.Advance(TimeSpan.FromSeconds(10));
        var answer = Assert.Single(await asking);

        Assert.Equal((LinkFate.Troubled, "did not answer in time"), (answer.Fate, answer.Words));
    }

    [Fact]
    public async Task Beyond_a_number_links_are_not_asked_for()
    {
        var answers = await Ask(Allowed, [.. Enumerable.Range(0, AskLinks.Most + 3).Select(number => Url($"/there?{number}"))]);

        Assert.Equal(3, answers.Count(answer => answer.Fate == LinkFate.NotAsked));
        Assert.Equal(AskLinks.Most, _asked.Distinct().Count());
    }

    [Fact]
    public async Task The_rule_names_what_is_dead_private_and_malformed_and_counts_what_answers()
    {
        using var ask = Links(Allowed);
        var html = $"""
            <a href="{Url("/there")}">a</a> <a href="{Url("/there#part")}">again</a> <a href="{Url("/gone")}">b</a> <a href="http://inside.example/">c</a>
            <a href="members/list">d</a> <a href="{Url("/there?who={{ first }}")}">e</a> <a href="{"{{ unsubscribe_url }}"}">leave</a> <img src="{Url("/nothing")}" alt="x">
            """;

        var findings = await new LinksRule(ask).Look(Messages.Of(html), Token);

        Assert.Contains("2 links are dead: " + Url("/gone") + " answers 410; " + Url("/nothing") + " answers 404.", Words(findings, PreflightLevel.Warning));
        Assert.Contains("A link can be opened by nobody outside, and was not followed: http://inside.example/ leads to a private address.", Words(findings, PreflightLevel.Warning));
        Assert.Contains("A link leads nowhere in a mail: members/list.", Words(findings, PreflightLevel.Warning));
        Assert.Equal(["2 links and images answer."], Words(findings, PreflightLevel.Good));
        Assert.Contains("/there?who=Anna", _asked);
    }

    private static IEnumerable<string> Words(IReadOnlyList<PreflightFinding> findings, PreflightLevel level) =>
        findings.Where(finding => finding.Level == level).Select(finding => finding.Words);

    private static Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken) => Task.FromResult<IPAddress[]>(host switch
    {
        "localhost" => [IPAddress.IPv6Loopback, IPAddress.Loopback],
        "inside.example" => [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("127.0.0.2")],
        _ => [],
    });

    private static AskLinks Links(string networks, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) =>
        new(new PreflightSettings { LinkCheckNetworks = networks }, TimeProvider.System, resolve ?? Resolve);

    private static async Task<IReadOnlyList<LinkAnswer>> Ask(string networks, params string[] urls)
    {
        using var ask = Links(networks);
        return await ask.Handle(urls, Token);
    }

    private string Url(string path) => $"http://127.0.0.1:{_port}{path}";

    private async Task Answer(HttpContext context)
    {
        _asked.Enqueue(context.Request.Path + context.Request.QueryString);
        var (response, path) = (context.Response, context.Request.Path.Value!);
        response.StatusCode = path switch
        {
            "/only-get" when context.Request.Method == "HEAD" => 405,
            "/members" => 403,
            "/gone" => 410,
            "/nothing" => 404,
            "/broken" => 503,
            "/moved" or "/moved-away" or "/moved-and-closed" or "/round" or "/to-ftp" or "/inside" => 302,
            _ => 200,
        };
        response.Headers.Location = path switch
        {
            "/moved" or "/moved-and-closed" => "/there",
            "/moved-away" => "/nothing",
            "/round" => "/round",
            "/to-ftp" => "ftp://files.example/",
            "/inside" => $"http://127.0.0.2:{_port}/there",
            _ => default,
        };
        if (path == "/moved-and-closed")
        {
            response.Headers.Connection = "close";
        }
        else if (path == "/large-head")
        {
            response.Headers["X-Much"] = new string('x', 40 * 1024);
        }
        else if (path == "/hangs")
        {
            _hangs.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
        else if (path == "/endless" && context.Request.Method == "HEAD")
        {
            response.StatusCode = 501;
        }
        else if (path == "/endless")
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await response.Body.WriteAsync(new byte[64 * 1024], context.RequestAborted).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }
}
