// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Lui.Content;
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Lui.Media;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Media;

public abstract class MediaSpec : WorldSpec
{
    private static readonly byte[] _png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Encoding.ASCII.GetBytes("picture")];

    [Fact]
    public async Task The_same_bytes_have_one_address_and_other_bytes_another()
    {
        var first = (await Add("logo.png", _png, "Our logo")).Value;
        var again = (await Add("sign.png", _png)).Value;
        var other = (await Add("logo.png", [.. _png, 1])).Value;

        Assert.Equal(first.Key, again.Key);
        Assert.NotEqual(first.Key, other.Key);
        Assert.Matches("^/m/[A-Za-z0-9_-]{22}/logo.png$", first.Path);
        var kept = await World.Lui.Get<PictureStore>().Get(first.Key, Token);
        Assert.Equal(("sign.png", "Our logo"), (kept!.Name, kept.Alt));
        Assert.Equal(_png, await World.Lui.Get<StoredFileStore>().Read(first.Digest, Token));
    }

    [Fact]
    public async Task Images_are_found_by_name_or_words_whatever_the_case()
    {
        _ = (await Add("Logo 100%.png", [.. _png, 1], "Das Zeichen")).Value;
        _ = (await Add("beach.png", [.. _png, 2])).Value;
        var described = (await World.Lui.Get<DescribePicture>().Handle((await Add("x.png", [.. _png, 3])).Value.Key, "A logo at sea", Token)).Value;

        Assert.Equal("A logo at sea", described.Alt);
        Assert.Equal(2, (await World.Lui.Get<PictureStore>().Find("LOGO", 0, 10, Token)).Total);
        Assert.Equal(1, (await World.Lui.Get<PictureStore>().Find("100%", 0, 10, Token)).Total);
        Assert.Equal(0, (await World.Lui.Get<PictureStore>().Find("_each", 0, 10, Token)).Total);
        var (page, total) = await World.Lui.Get<PictureStore>().Find("", 1, 1, Token);
        Assert.Equal((1, 3L), (page.Count, total));
    }

    [Fact]
    public async Task What_is_no_picture_or_too_large_is_refused_and_leaves_nothing()
    {
        Assert.Equal("media.no-picture", (await Add("logo.svg", "<svg onload='x'/>"u8.ToArray())).Refusal.Code);
        Assert.Equal("media.no-picture", (await Add("logo.png", "MZ"u8.ToArray())).Refusal.Code);
        Assert.Equal("media.too-large", (await Add("logo.png", [.. _png, .. new byte[5 * 1024 * 1024]])).Refusal.Code);
        Assert.Equal(0, (await World.Lui.Get<PictureStore>().Find("", 0, 10, Token)).Total);
    }

    [Fact]
    public async Task An_image_that_a_message_shows_or_has_shown_stays()
    {
        var picture = (await Add("logo.png", _png)).Value;
        var job = await World.Lui.Authorized(2);
        var other = await World.Lui.Prepare(2);
        await Write(other, $"<img src=\"http://localhost{picture.Path}\" alt=\"x\">");
        var refusal = (await World.Lui.Get<RemovePicture>().Handle(picture.Key, Token)).Refusal;
        Assert.Equal("media.in-use", refusal.Code);
        Assert.Contains(other.Code, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(job.Code, refusal.Message, StringComparison.Ordinal);

        // A test has shown it; who opens that mail still asks for it.
        _ = (await World.Lui.Get<Lui.Delivery.SendTest>().Handle(new(other.Id, Ada, ["ada@example.org"], []), Token)).Value;
        await Write(other, "<p>without</p>");
        Assert.Equal("media.in-use", (await World.Lui.Get<RemovePicture>().Handle(picture.Key, Token)).Refusal.Code);

        _ = (await World.Lui.Get<DeleteJob>().Handle(new(other.Id, Ada), Token)).Value;
        _ = (await World.Lui.Get<RemovePicture>().Handle(picture.Key, Token)).Value;
        Assert.Null(await World.Lui.Get<PictureStore>().Get(picture.Key, Token));
        Assert.Equal("media.not-found", (await World.Lui.Get<RemovePicture>().Handle(picture.Key, Token)).Refusal.Code);
    }

    private async Task<Outcome<Picture>> Add(string name, byte[] content, string alt = "")
    {
        using var stream = new MemoryStream(content);
        return await World.Lui.Get<AddPicture>().Handle(new AddPicture.Command(Ada, name, stream, alt), Token);
    }

    private async Task Write(Job job, string html) => _ = (await World.Lui.Get<SaveContent>().Handle(new SaveContent.Command(job.Id, Ada, "Hello", html, ""), Token)).Value;
}

public sealed class MediaOnSqlite : MediaSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class MediaOnPostgres(PostgresServer server) : MediaSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
