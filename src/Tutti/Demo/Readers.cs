// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using Tutti.Dst.Capture;

namespace Tutti.Commands.Demo;

/// <summary>
/// Plays the recipients: a share of them opens the message, a share follows links, over the tracker's public port as from
/// the internet. Who does what is decided by the address, so that every run is the same.
/// </summary>
internal sealed class Readers(CaptureMailbox mailbox) : IDisposable
{
    private const int OpenInHundred = 46;
    private const int ClickInHundred = 19;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly ConcurrentDictionary<string, bool> _opened = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> _clicked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Distinct recipients whose open image was loaded.</summary>
    public int Opened => _opened.Count;

    /// <summary>Distinct recipients who followed a link and were sent on.</summary>
    public int Clicked => _clicked.Count;

    /// <summary>Reads everything that was captured.</summary>
    public async Task Play(CancellationToken cancellationToken)
    {
        var letters = await mailbox.List(after: 0, int.MaxValue, recipient: null, cancellationToken);
        var pace = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(letters, pace, async (letter, token) => await Read(letter, token));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task Read(CapturedMail letter, CancellationToken cancellationToken)
    {
        var draw = Draw(letter.To);
        var opens = draw % 100 < OpenInHundred;
        var clicks = draw / 100 % 100 < ClickInHundred;
        if ((!opens && !clicks) || await mailbox.Read(letter.Id, cancellationToken) is not { } message)
        {
            return;
        }

        var found = await CapturedLetter.Read(message, cancellationToken);
        if (opens && found.Pictures.Count > 0 && await Get(found.Pictures[^1], cancellationToken) == HttpStatusCode.OK)
        {
            _opened[letter.To] = true;
        }

        if (clicks && found.Links.Count > 0)
        {
            var link = found.Links[(int)(draw / 10_000 % (uint)found.Links.Count)];
            if (await Get(link, cancellationToken) is HttpStatusCode.Redirect or HttpStatusCode.SeeOther)
            {
                _clicked[letter.To] = true;
            }
        }
    }

    private async Task<HttpStatusCode> Get(Uri address, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(address, cancellationToken);
        return answer.StatusCode;
    }

    /// <summary>A number that depends on nothing but the address (FNV-1a).</summary>
    private static uint Draw(string address) => address.Aggregate(2166136261u, (hash, character) => unchecked((hash ^ char.ToLowerInvariant(character)) * 16777619u));
}
