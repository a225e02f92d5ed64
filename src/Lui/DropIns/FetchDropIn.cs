// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Tutti.Frame.Words;
using Tutti.Lui.Databases;
using Tutti.Lui.Preflight;
using Tutti.Lui.Preflight.Links;

namespace Tutti.Lui.DropIns;

/// <summary>Fetches what a drop-in holds: an address through <see cref="GuardedDialler"/>, a database read-only; both for a limited time and of a limited size.</summary>
internal sealed class FetchDropIn : IDisposable
{
    private const int MostBytes = 256 * 1024;
    private const int MostRedirects = 3;
    private const int MostRows = 1000;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client;
    private readonly DatabaseConnectionStore _databases;
    private readonly QueryReader _reader;
    private readonly TimeProvider _clock;

    public FetchDropIn(PreflightSettings settings, DatabaseConnectionStore databases, QueryReader reader, TimeProvider clock)
    {
        (_databases, _reader, _clock) = (databases, reader, clock);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = true,
            MaxAutomaticRedirections = MostRedirects,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectCallback = new GuardedDialler(Dns.GetHostAddressesAsync, settings.Networks).Dial,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Tutti", "drop-in"));
    }

    /// <summary>The content, or why there is none.</summary>
    public async Task<FetchedDropIn> Handle(DropIn dropIn, CancellationToken cancellationToken)
    {
        var (value, problem) = dropIn.Kind == DropInKind.Database ? await Read(dropIn, cancellationToken) : await Ask(dropIn, cancellationToken);
        return new FetchedDropIn(dropIn.Name, dropIn.Definition, value, problem, _clock.GetUtcNow());
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<(string Value, string? Problem)> Ask(DropIn dropIn, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            using var answer = await _client.GetAsync(new Uri(dropIn.Place), HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!answer.IsSuccessStatusCode)
            {
                return ("", SharedWords.Fill(DropInsWords.Answered, ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture)));
            }

            await using var body = await answer.Content.ReadAsStreamAsync(either.Token);
            return await Files.FileContent.Read(body, MostBytes, either.Token) is { } content
                ? Text(content.Content, answer.Content.Headers.ContentType?.CharSet)
                : ("", SharedWords.Fill(DropInsWords.TooLarge, SharedWords.Number(MostBytes / 1024)));
        }
        catch (PrivateAddressException)
        {
            return ("", DropInsWords.Private);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ("", SharedWords.Fill(DropInsWords.TooSlow, SharedWords.Number((long)_patience.TotalSeconds)));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or InvalidDataException)
        {
            return ("", SharedWords.Fill(DropInsWords.NoAnswer, failure.Message));
        }
    }

    private static (string Value, string? Problem) Text(byte[] content, string? charset)
    {
        try
        {
            var encoding = charset is null ? Encoding.UTF8 : Encoding.GetEncoding(charset.Trim('"', ' '));
            var text = Encoding.GetEncoding(encoding.WebName, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback).GetString(content).TrimStart('\uFEFF');
            return text.Contains('\0', StringComparison.Ordinal) ? ("", DropInsWords.NoText) : (text, null);
        }
        catch (ArgumentException)
        {
            return ("", DropInsWords.NoText);
        }
    }

    private async Task<(string Value, string? Problem)> Read(DropIn dropIn, CancellationToken cancellationToken)
    {
        if (await _databases.Find(dropIn.Place, cancellationToken) is not { } connection)
        {
            return ("", SharedWords.Fill(DropInsWords.NoDatabase, dropIn.Place));
        }

        if (!QueryStatement.Read(dropIn.Body, connection.Kind).Is(out var statement, out var refusal))
        {
            return ("", refusal.Message);
        }

        var text = new StringBuilder();
        var rows = 0;
        var outcome = await Task.Run(
            () => _reader.Handle(
                connection,
                statement,
                [],
                _patience,
                _ => default,
                row =>
                {
                    text.Append(rows > 0 ? "\n" : "").AppendJoin('\t', row);
                    return new(++rows < MostRows && text.Length <= MostBytes);
                },
                cancellationToken),
            cancellationToken);
        return !outcome.Is(out _, out refusal) ? ("", refusal.Message)
            : rows >= MostRows || text.Length > MostBytes ? ("", SharedWords.Fill(DropInsWords.TooManyRows, SharedWords.Number(MostRows), SharedWords.Number(MostBytes / 1024)))
            : rows == 0 ? ("", DropInsWords.NoRows)
            : (text.ToString(), null);
    }
}
