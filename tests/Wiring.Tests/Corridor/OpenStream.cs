// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Tutti.Wiring.Tests.Corridor;

/// <summary>A call that stays open in both directions, as streams between components do.</summary>
internal sealed class OpenStream : IAsyncDisposable
{
    private readonly Upload _upload = new();
    private HttpResponseMessage _response = null!;
    private Stream _answers = null!;

    private OpenStream()
    {
    }

    public static async Task<OpenStream> Of(HttpClient caller)
    {
        var open = new OpenStream();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/tutti.trk.v1.Test/Stream", UriKind.Relative))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = open._upload,
        };
        open._response = await caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        open._answers = await open._response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await open.Expect("start");
        return open;
    }

    /// <summary>Sends something and waits until it comes back.</summary>
    public async Task Echo()
    {
        await _upload.Write("ping"u8.ToArray());
        await Expect("ping");
    }

    public async ValueTask DisposeAsync()
    {
        _upload.End();
        await _answers.DisposeAsync();
        _response.Dispose();
    }

    private async Task Expect(string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        var buffer = new byte[text.Length];
        await _answers.ReadExactlyAsync(buffer, patience.Token);
        Assert.Equal(text, System.Text.Encoding.ASCII.GetString(buffer));
    }

    /// <summary>A body that is written piece by piece, each on its way at once.</summary>
    private sealed class Upload : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task Write(byte[] bytes)
        {
            var stream = await _stream.Task;
            await stream.WriteAsync(bytes);
            await stream.FlushAsync();
        }

        public void End() => _end.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            _stream.SetResult(stream);
            await _end.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
