// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using Tutti.Frame.Words;

namespace Tutti.Lui.Preflight.Links;

/// <summary>
/// Asks whether links lead somewhere: only for headers, by HEAD and, where a host does not like that, by GET whose body is not read; few at a
/// time, each and all of them for a limited time, and through <see cref="GuardedDialler"/>.
/// </summary>
internal sealed class AskLinks : IDisposable
{
    /// <summary>Most links that are asked for.</summary>
    public const int Most = 100;

    private const int AtOnce = 6;
    private const int MostRedirects = 5;
    private const int MostHeaderKilobytes = 32;

    private static readonly TimeSpan _each = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan _all = TimeSpan.FromSeconds(40);

    private readonly PreflightSettings _settings;
    private readonly TimeProvider _clock;
    private readonly HttpClient _client;

    public AskLinks(PreflightSettings settings, TimeProvider clock)
        : this(settings, clock, Dns.GetHostAddressesAsync)
    {
    }

    /// <summary>With another way to look names up.</summary>
    public AskLinks(PreflightSettings settings, TimeProvider clock, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        (_settings, _clock) = (settings, clock);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = MostHeaderKilobytes,
            ConnectCallback = new GuardedDialler(resolve, settings.Networks).Dial,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Tutti", "preflight"));
    }

    /// <summary>Whether links are asked for at all.</summary>
    public bool IsOn => _settings.CheckLinks;

    /// <summary>Asks for each link once; answers in the order of the links.</summary>
    public async Task<IReadOnlyList<LinkAnswer>> Handle(IReadOnlyList<string> urls, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(_all, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        using var room = new SemaphoreSlim(AtOnce);
        var answers = await Task.WhenAll(urls.Select((url, number) => number < Most ? InTurn(url, room, both.Token) : Task.FromResult(NotAsked(url))));
        cancellationToken.ThrowIfCancellationRequested();
        return answers;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static LinkAnswer NotAsked(string url) => new(url, LinkFate.NotAsked, "");

    private async Task<LinkAnswer> InTurn(string url, SemaphoreSlim room, CancellationToken allDone)
    {
        try
        {
            await room.WaitAsync(allDone);
        }
        catch (OperationCanceledException)
        {
            return NotAsked(url);
        }

        using var time = new CancellationTokenSource(_each, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(time.Token, allDone);
        try
        {
            return await Ask(url, both.Token);
        }
        catch (OperationCanceledException)
        {
            return allDone.IsCancellationRequested ? NotAsked(url) : new LinkAnswer(url, LinkFate.Troubled, PreflightWords.LinkTooSlow);
        }
        catch (HttpRequestException failure)
        {
            // What the dialler throws comes wrapped.
            return Failed(url, failure.InnerException as HttpRequestException ?? failure);
        }
        catch (IOException)
        {
            return new LinkAnswer(url, LinkFate.Troubled, PreflightWords.LinkNoAnswer);
        }
        finally
        {
            room.Release();
        }
    }

    private async Task<LinkAnswer> Ask(string url, CancellationToken cancellationToken)
    {
        var at = new Uri(url);
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            var (status, next) = await Look(at, cancellationToken);
            if (next is null)
            {
                return Judge(url, status);
            }

            if (!Uri.TryCreate(at, next, out at!) || at.Scheme is not ("http" or "https"))
            {
                return new LinkAnswer(url, LinkFate.Dead, PreflightWords.LinkBadRedirect);
            }
        }

        return new LinkAnswer(url, LinkFate.Dead, PreflightWords.LinkTooManyRedirects);
    }

    private async Task<(HttpStatusCode Status, Uri? Next)> Look(Uri at, CancellationToken cancellationToken)
    {
        var (status, next) = await Send(HttpMethod.Head, at, cancellationToken);
        return next is null && (int)status >= 400 ? await Send(HttpMethod.Get, at, cancellationToken) : (status, next);
    }

    private async Task<(HttpStatusCode Status, Uri? Next)> Send(HttpMethod method, Uri at, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, at);
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return (response.StatusCode, (int)response.StatusCode is >= 300 and < 400 ? response.Headers.Location : null);
    }

    private static LinkAnswer Judge(string url, HttpStatusCode status)
    {
        var words = SharedWords.Fill(PreflightWords.LinkAnswers, ((int)status).ToString(CultureInfo.InvariantCulture));
        return new LinkAnswer(
            url,
            status switch
            {
                // Some hosts let no program in, and a person all the same.
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotAcceptable or HttpStatusCode.TooManyRequests => LinkFate.Alive,
                >= HttpStatusCode.InternalServerError => LinkFate.Troubled,
                >= HttpStatusCode.BadRequest => LinkFate.Dead,
                _ => LinkFate.Alive,
            },
            words);
    }

    private static LinkAnswer Failed(string url, HttpRequestException failure) => failure switch
    {
        PrivateAddressException => new LinkAnswer(url, LinkFate.Private, PreflightWords.LinkPrivate),
        { HttpRequestError: HttpRequestError.NameResolutionError } or { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } } =>
            new LinkAnswer(url, LinkFate.Dead, PreflightWords.LinkNoHost),
        { InnerException: SocketException { SocketErrorCode: SocketError.TryAgain } } => new LinkAnswer(url, LinkFate.Troubled, PreflightWords.LinkNoNames),
        { HttpRequestError: HttpRequestError.SecureConnectionError } or { InnerException: AuthenticationException } =>
            new LinkAnswer(url, LinkFate.Dead, PreflightWords.LinkBadCertificate),
        { HttpRequestError: HttpRequestError.ConnectionError } => new LinkAnswer(url, LinkFate.Dead, PreflightWords.LinkNobody),
        _ => new LinkAnswer(url, LinkFate.Troubled, PreflightWords.LinkNoAnswer),
    };
}
