// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tutti.Dst.Signing;
using Tutti.Mail.Dkim;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;

namespace Tutti.Dst.Tests.Signing;

public sealed class DkimKeysTests : IDisposable
{
    private static readonly DateTimeOffset _later = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_key_comes_with_the_record_that_fits_it()
    {
        var created = DkimKeyStore.Create(Folder, "News.Example", null).Value;

        Assert.Equal(("news.example", "tutti1", "tutti1._domainkey.news.example"), (created.Domain, created.Selector, created.RecordName));
        var (rest, published) = (created.RecordText.Split("p=")[0], created.RecordText.Split("p=")[1]);
        Assert.Equal("v=DKIM1; k=rsa; ", rest);
        using var key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(published), out _);
        Assert.Equal(2048, key.KeySize);
        using var own = RSA.Create();
        own.ImportFromPem(File.ReadAllText(created.File));
        Assert.Equal(own.ExportSubjectPublicKeyInfoPem(), key.ExportSubjectPublicKeyInfoPem());
    }

    [Fact]
    public void Nobody_else_may_read_a_key()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var created = DkimKeyStore.Create(Folder, "news.example", "s1").Value;

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(created.File));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(created.File)!));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(created.File)!));
    }

    [Fact]
    public void A_key_is_never_overwritten()
    {
        var first = DkimKeyStore.Create(Folder, "news.example", "s1").Value;
        var text = File.ReadAllText(first.File);

        var second = DkimKeyStore.Create(Folder, "news.example", "S1");

        Assert.Equal((RefusalKind.Conflict, "dkim.exists"), (second.Refusal.Kind, second.Refusal.Code));
        Assert.Equal(text, File.ReadAllText(first.File));
        Assert.Equal("tutti1", DkimKeyStore.Create(Folder, "news.example", null).Value.Selector);
        Assert.Equal("tutti2", DkimKeyStore.Create(Folder, "news.example", null).Value.Selector);
    }

    [Theory]
    [InlineData("../evil.example", null, "dkim.no-domain")]
    [InlineData("example", null, "dkim.no-domain")]
    [InlineData("", null, "dkim.no-domain")]
    [InlineData("news.example\n", null, "dkim.no-domain")]
    [InlineData("grün.example", null, "dkim.no-domain")]
    [InlineData("news.example", "../s", "dkim.no-selector")]
    [InlineData("news.example", "", "dkim.no-selector")]
    public void Names_that_cannot_be_are_refused(string domain, string? selector, string code) =>
        Assert.Equal(code, DkimKeyStore.Create(Folder, domain, selector).Refusal.Code);

    [Fact]
    public void A_further_key_waits_until_it_is_used_and_the_old_one_is_retired_then()
    {
        var keys = Keys();
        keys.Refresh();
        Assert.True(keys.Find("news.example").IsEmpty);

        Assert.False(DkimKeyStore.Create(Folder, "news.example", "b").Value.Waits);
        keys.Refresh();
        Assert.Equal(["b"], SelectorsOf(keys, "news.example"));

        Assert.True(DkimKeyStore.Create(Folder, "news.example", "a").Value.Waits);
        keys.Refresh();
        Assert.Equal(["b"], SelectorsOf(keys, "NEWS.example"));
        Assert.True(keys.Find("sub.news.example").IsEmpty);

        Assert.Equal(["b"], DkimKeyStore.Use(Folder, "news.example", "a", _later).Value);
        keys.Refresh();
        Assert.Equal(["a"], SelectorsOf(keys, "news.example"));
        Assert.Equal([("b", DkimKeyState.Retired), ("a", DkimKeyState.Signing)], DkimKeyStore.List(Folder, "news.example").Select(key => (key.Selector, key.State)));

        // And back, should the new one do harm.
        Assert.Equal(["a"], DkimKeyStore.Use(Folder, "news.example", "b", _later.AddSeconds(1)).Value);
        keys.Refresh();
        Assert.Equal(["b"], SelectorsOf(keys, "news.example"));
    }

    [Fact]
    public void A_change_that_was_cut_off_between_the_two_renamings_leaves_the_new_key_signing()
    {
        var keys = Keys();
        var old = DkimKeyStore.Create(Folder, "news.example", "a").Value;
        var next = DkimKeyStore.Create(Folder, "news.example", "b").Value;
        File.SetLastWriteTimeUtc(next.File, _later.UtcDateTime);
        File.Move(next.File, Path.ChangeExtension(next.File, null));

        keys.Refresh();

        Assert.Equal(["b"], SelectorsOf(keys, "news.example"));
        Assert.Equal(["a"], DkimKeyStore.Use(Folder, "news.example", "b", _later).Value);
        Assert.False(File.Exists(old.File));
    }

    [Fact]
    public void An_RSA_and_an_Ed25519_key_sign_side_by_side()
    {
        var keys = Keys();
        DkimKeyStore.Create(Folder, "news.example", "curve", DkimAlgorithm.Ed25519);
        Assert.False(DkimKeyStore.Create(Folder, "news.example", "rsa").Value.Waits);
        keys.Refresh();
        Assert.Equal(["rsa", "curve"], SelectorsOf(keys, "news.example"));
    }

    [Fact]
    public void A_key_that_signs_is_not_deleted()
    {
        DkimKeyStore.Create(Folder, "news.example", "a");
        DkimKeyStore.Create(Folder, "news.example", "b");
        Assert.Equal("dkim.signs", DkimKeyStore.Remove(Folder, "news.example", "a").Refusal.Code);
        Assert.Equal("dkim.no-key", DkimKeyStore.Remove(Folder, "news.example", "c").Refusal.Code);
        Assert.Equal("b", DkimKeyStore.Remove(Folder, "news.example", "b").Value.Selector);
        Assert.Equal(["a"], DkimKeyStore.List(Folder).Select(key => key.Selector));
    }

    [Fact]
    public void A_file_that_is_no_key_is_reported_and_the_domain_keeps_its_key()
    {
        var logger = new RecordingLogger();
        var keys = new DkimKeys(Folder, logger);
        var created = DkimKeyStore.Create(Folder, "news.example", "s1").Value;
        keys.Refresh();

        File.WriteAllText(created.File, "no key");
        File.SetLastWriteTimeUtc(created.File, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        keys.Refresh();

        Assert.Equal(["s1"], SelectorsOf(keys, "news.example"));
        Assert.Contains(5302, logger.Events);
    }

    private string Folder => DkimKeyStore.FolderIn(_folder.Path);

    private static List<string> SelectorsOf(DkimKeys keys, string domain)
    {
        var headers = Encoding.ASCII.GetString(DkimSigner.Sign(keys.Find(domain), "From: a@news.example\r\n\r\nHi\r\n"u8, TimeProvider.System.GetUtcNow()));
        return [.. headers.Split(" s=")[1..].Select(part => part.Split(';')[0])];
    }

    private DkimKeys Keys() => new(Folder, NullLogger<DkimKeys>.Instance);

    private sealed class RecordingLogger : ILogger<DkimKeys>
    {
        public List<int> Events { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Events.Add(eventId.Id);
    }
}
