// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MimeKit;
using MimeKit.Text;
using Tutti.System.Tests.Receiving;

namespace Tutti.System.Tests.Playing;

/// <summary>
/// Readers: they load the open image and follow links of the messages that came, each for a share decided by seed and
/// address, and keep their own log of what they did and what was answered.
/// </summary>
public sealed class Players(int seed, double opening = 0.5, double clicking = 0.3, Func<Uri>? lookUp = null) : IAsyncDisposable
{
    private readonly HttpClient _http = new(lookUp is null ? new SocketsHttpHandler { AllowAutoRedirect = false } : Asking(lookUp)) { Timeout = TimeSpan.FromSeconds(20) };
    private readonly ConcurrentQueue<Played> _log = new();

    /// <summary>Everything that was done.</summary>
    public IReadOnlyCollection<Played> Log => _log;

    /// <summary>Recipients who did something that was answered: so they have the message.</summary>
    public IEnumerable<string> Seen => _log.Where(played => played.Answered).Select(played => played.Recipient).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Answers that no reader should ever get: anything but an image, a redirect, or "not available now" from a tracker that is starting.</summary>
    public ConcurrentQueue<string> Surprises { get; } = new();

    /// <summary>Reads messages, a few at a time.</summary>
    public Task Read(IEnumerable<ReceivedMessage> messages) => Parallel.ForEachAsync(
        messages, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (message, _) => await Read(message));

    /// <summary>Reads one message as its recipient would.</summary>
    public async Task Read(ReceivedMessage received)
    {
        var random = new Random(HashCodeOf(received.Recipient) ^ seed);
        var opens = random.NextDouble() < opening;
        var clicks = random.NextDouble() < clicking;
        var twice = random.NextDouble() < 0.2;
        var choice = random.NextDouble();
        if (!opens && !clicks)
        {
            return;
        }

        var (image, links) = Marks(received);
        if (opens)
        {
            await Get(received.Recipient, image, isClick: false);
        }

        if (clicks && links.Count > 0)
        {
            var link = links[(int)(choice * links.Count)];
            for (var i = 0; i < (twice ? 2 : 1); i++)
            {
                await Get(received.Recipient, link, isClick: true);
            }
        }
    }

    /// <summary>Loads the open image of a message, whatever its recipient would do.</summary>
    public Task Open(ReceivedMessage received) => Get(received.Recipient, Marks(received).Image, isClick: false);

    /// <summary>Follows the first link of a message, whatever its recipient would do.</summary>
    public Task Click(ReceivedMessage received) => Get(received.Recipient, Marks(received).Links[0], isClick: true);

    /// <summary>The open image and the links of a message, as a mail program would find them.</summary>
    public static (string Image, IReadOnlyList<string> Links) Marks(ReceivedMessage received)
    {
        using var stream = new MemoryStream(received.Raw);
        var tokens = new HtmlTokenizer(new StringReader(MimeMessage.Load(stream).HtmlBody ?? ""));
        var image = "";
        var links = new List<string>();
        while (tokens.ReadNextToken(out var token))
        {
            if (token is not HtmlTagToken { IsEndTag: false } tag)
            {
                continue;
            }

            foreach (var attribute in tag.Attributes)
            {
                if (tag.Id == HtmlTagId.Image && attribute.Id == HtmlAttributeId.Src)
                {
                    image = attribute.Value ?? "";
                }
                else if (tag.Id == HtmlTagId.A && attribute.Id == HtmlAttributeId.Href)
                {
                    links.Add(attribute.Value ?? "");
                }
            }
        }

        return (image, links);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Each connection goes where the tracking address leads at that moment, as if the DNS had been asked.</summary>
    private static SocketsHttpHandler Asking(Func<Uri> lookUp) => new()
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                var there = lookUp();
                await socket.ConnectAsync(there.Host, there.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    // Stable over processes, unlike string.GetHashCode.
    private static int HashCodeOf(string text) => text.Aggregate(17, (hash, character) => unchecked((hash * 31) + character));

    private async Task Get(string recipient, string address, bool isClick)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(address), TestContext.Current.CancellationToken);
            var isGood = isClick ? answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.SeeOther : answer.StatusCode == HttpStatusCode.OK;
            if (!isGood && answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                Surprises.Enqueue($"{(int)answer.StatusCode} for {address}");
            }

            _log.Enqueue(new Played(recipient, isClick, answer.Headers.Location?.OriginalString ?? "", isGood));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // The tracker was not there, or went away meanwhile: it may have counted this, or not.
            _log.Enqueue(new Played(recipient, isClick, "", Answered: false));
        }
    }
}
