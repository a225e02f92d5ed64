// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text;
using Tutti.Frame.Words;
using Tutti.Lui.Feeds;
using Tutti.Lui.Preflight.Links;

namespace Tutti.Lui.Webhooks.Sending;

/// <summary>
/// One attempt: a POST with the headers of Standard Webhooks, through <see cref="GuardedDialler"/>, without redirects, for a limited time, of
/// whose answer only the begin is read.
/// </summary>
internal sealed class PostMessage : IDisposable
{
    private const int MostHeaderKilobytes = 32;
    private const int MostAnswerBytes = 2048;
    private const int MostAnswerCharacters = 500;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _lookNamesUpAgain = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _clock;
    private readonly HttpClient _secure;
    private readonly HttpClient _plain;

    public PostMessage(WebhookSettings settings, TimeProvider clock)
        : this(settings, clock, Dns.GetHostAddressesAsync)
    {
    }

    /// <summary>With another way to look names up.</summary>
    public PostMessage(WebhookSettings settings, TimeProvider clock, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        _clock = clock;
        _secure = Client(new GuardedDialler(resolve, settings.Networks));
        _plain = Client(new GuardedDialler(resolve, settings.Networks, alsoPublic: false));
    }

    /// <summary>What became of an attempt.</summary>
    /// <param name="Attempt">For the log.</param>
    /// <param name="IsTaken">Whether the receiver answered 2xx.</param>
    /// <param name="RetryAfter">How long the receiver wants to be left alone, if it said so.</param>
    public sealed record Result(WebhookAttempt Attempt, bool IsTaken, TimeSpan? RetryAfter)
    {
        /// <summary>Whether the receiver wants no more for ever (410).</summary>
        public bool IsGone => Attempt.Status == (int)HttpStatusCode.Gone;
    }

    /// <summary>Sends a message once.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="secrets">What signs it.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up; then it may have arrived or not.</param>
    public async Task<Result> Handle(string url, IReadOnlyList<string> secrets, WebhookMessage message, CancellationToken cancellationToken)
    {
        var (at, started, number) = (_clock.GetUtcNow(), _clock.GetTimestamp(), message.Attempts + 1);
        using var time = new CancellationTokenSource(_patience, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            var address = new Uri(url);
            using var request = Request(address, secrets, message, at);
            using var response = await (address.Scheme == Uri.UriSchemeHttps ? _secure : _plain).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return new Result(
                new WebhookAttempt(number, at, (int)response.StatusCode, await Begin(response, both.Token), Took(started)),
                response.IsSuccessStatusCode,
                response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - at : null);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new Result(new WebhookAttempt(number, at, null, Words(failure), Took(started)), IsTaken: false, RetryAfter: null);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _secure.Dispose();
        _plain.Dispose();
    }

    private static HttpRequestMessage Request(Uri url, IReadOnlyList<string> secrets, WebhookMessage message, DateTimeOffset at)
    {
        var body = MessageBody.Of(message);
        var timestamp = at.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", message.EventId);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", string.Join(' ', secrets.Select(secret => WebhookSecrets.Sign(secret, message.EventId, timestamp, body))));
        return request;
    }

    private static async Task<string> Begin(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[MostAnswerBytes];
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        var text = PlainText.Of(Encoding.UTF8.GetString(bytes, 0, read)).Trim();
        return text.Length > MostAnswerCharacters ? text[..MostAnswerCharacters] : text;
    }

    // What the dialler throws comes wrapped.
    private static string Words(Exception failure) => failure switch
    {
        OperationCanceledException => SharedWords.Fill(WebhooksWords.TooSlow, SharedWords.Span(_patience)),
        PrivateAddressException or { InnerException: PrivateAddressException } => WebhooksWords.PrivateAddress,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => WebhooksWords.NoHost,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } or { InnerException: AuthenticationException } => WebhooksWords.BadCertificate,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => WebhooksWords.Nobody,
        _ => WebhooksWords.NoAnswer,
    };

    private static HttpClient Client(GuardedDialler dialler)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = MostHeaderKilobytes,
            PooledConnectionLifetime = _lookNamesUpAgain,
            ConnectCallback = dialler.Dial,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Tutti", "webhook"));
        return client;
    }

    private long Took(long started) => (long)_clock.GetElapsedTime(started).TotalMilliseconds;
}
