// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Json;
using System.Text.Json;
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Preflight;

/// <summary>How a spam filter rates a message.</summary>
/// <param name="Score">The higher, the worse.</param>
/// <param name="Limit">From here on it would refuse the message.</param>
/// <param name="Action">What it would do, in its own word.</param>
/// <param name="Marks">What it found, with what each counts.</param>
internal sealed record SpamRating(double Score, double Limit, string Action, IReadOnlyList<(string Name, double Score)> Marks)
{
    /// <summary>Whether it would let the message into a mailbox without a mark; grey-listing only delays.</summary>
    public bool LetsPass => Action is "no action" or "greylist";
}

/// <summary>Has an Rspamd rate a message, by its HTTP interface (checkv2).</summary>
internal sealed class RateBySpamFilter(PreflightSettings settings, TimeProvider clock) : IDisposable
{
    private const int MostAnswerBytes = 1024 * 1024;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MostAnswerBytes,
    };

    /// <summary>Whether there is one.</summary>
    public bool IsOn => settings.RspamdUrl.Length > 0;

    /// <summary>Rates a message.</summary>
    /// <param name="message">As it goes over the wire.</param>
    /// <param name="from">Envelope sender.</param>
    /// <param name="recipient">Envelope recipient.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Outcome<SpamRating>> Handle(byte[] message, string from, string recipient, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(_patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.RspamdUrl.TrimEnd('/') + "/checkv2") { Content = new ByteArrayContent(message) };
        request.Headers.TryAddWithoutValidation("From", from);
        request.Headers.TryAddWithoutValidation("Rcpt", recipient);
        if (settings.RspamdPassword.Reveal() is { Length: > 0 } password)
        {
            request.Headers.TryAddWithoutValidation("Password", password);
        }

        try
        {
            using var response = await _client.SendAsync(request, both.Token);
            response.EnsureSuccessStatusCode();
            return Read(await response.Content.ReadFromJsonAsync<JsonElement>(both.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Silent(PreflightWords.LinkTooSlow);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return Silent(failure.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static Refusal Silent(string why) => new(RefusalKind.Unavailable, "preflight.spam-filter", SharedWords.Fill(PreflightWords.SpamSilent, why));

    private static SpamRating Read(JsonElement answer)
    {
        var marks = answer.TryGetProperty("symbols", out var symbols) && symbols.ValueKind == JsonValueKind.Object
            ? symbols.EnumerateObject().Select(symbol => (symbol.Name, symbol.Value.TryGetProperty("score", out var score) ? score.GetDouble() : 0))
            : [];
        return new SpamRating(answer.GetProperty("score").GetDouble(), answer.GetProperty("required_score").GetDouble(), answer.GetProperty("action").GetString() ?? "", [.. marks]);
    }
}
