// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Tutti.Lui.Tests.Rest;

namespace Tutti.Lui.Tests.Media;

public sealed class MediaServedTests
{
    private static readonly byte[] _gif = [.. "GIF89a"u8, 1, 0, 1, 0, 0];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_is_there_for_everybody_under_an_address_that_never_changes_until_it_is_removed()
    {
        await using var server = await RestServer.Start(Token);
        using var added = await server.Client.PostAsync(new Uri("media?fileName=dot.gif&alt=A+dot", UriKind.Relative), new ByteArrayContent(_gif), Token);
        var image = (await added.Content.ReadFromJsonAsync<JsonNode>(Token))!;
        Assert.Equal(("A dot", "image/gif"), ((string?)image["alt"], (string?)image["contentType"]));
        using var reader = new HttpClient { BaseAddress = server.Address };
        var address = new Uri(new Uri((string)image["url"]!).AbsolutePath, UriKind.Relative);

        using (var answer = await reader.GetAsync(address, Token))
        {
            Assert.Equal((HttpStatusCode.OK, "image/gif"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            Assert.Equal(_gif, await answer.Content.ReadAsByteArrayAsync(Token));
            Assert.Equal("public, max-age=31536000, immutable", string.Join(", ", answer.Headers.GetValues("Cache-Control")));
            Assert.Contains("sandbox", string.Join(' ', answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.DoesNotContain("Set-Cookie", answer.Headers.Select(header => header.Key));
            using var again = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { IfNoneMatch = { answer.Headers.ETag! } } };
            using var unchanged = await reader.SendAsync(again, Token);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        }

        using var words = await server.Client.PutAsJsonAsync(new Uri($"media/{image["key"]}", UriKind.Relative), new { alt = "Nothing but a dot" }, Token);
        Assert.Equal(HttpStatusCode.OK, words.StatusCode);
        var found = await server.Client.GetFromJsonAsync<JsonNode>(new Uri("media?search=nothing", UriKind.Relative), Token);
        Assert.Equal(1, (int)found!["total"]!);
        using var stranger = await reader.DeleteAsync(new Uri($"/api/v1/media/{image["key"]}", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        using var removed = await server.Client.DeleteAsync(new Uri($"media/{image["key"]}", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var gone = await reader.GetAsync(address, Token);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_link_to_a_message_that_is_none_gets_a_small_page_that_no_search_engine_keeps(string token)
    {
        await using var server = await RestServer.Start(Token);
        using var reader = new HttpClient { BaseAddress = server.Address };

        using var answer = await reader.GetAsync(new Uri($"/s/v/{token}", UriKind.Relative), Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("noindex", string.Join(' ', answer.Headers.GetValues("X-Robots-Tag")), StringComparison.Ordinal);
        Assert.Contains("not here", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        using var posted = await reader.PostAsync(new Uri($"/s/v/{token}", UriKind.Relative), null, Token);
        Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
    }
}
