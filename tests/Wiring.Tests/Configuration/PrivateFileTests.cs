// SPDX-License-Identifier: Apache-2.0
using Tutti.Testing;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Tests.Configuration;

public sealed class PrivateFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("server.p12");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nobody_but_the_owner_may_read_it_and_the_old_one_is_kept_under_its_date()
    {
        var moment = new DateTimeOffset(2026, 11, 24, 10, 15, 0, TimeSpan.Zero);

        Assert.Null(PrivateFile.Replace(Path, "one"u8, moment));
        var first = PrivateFile.Replace(Path, "two"u8, moment);
        var second = PrivateFile.Replace(Path, "three"u8, moment);
        Assert.Null(PrivateFile.Replace(Path, "four"u8));

        Assert.Equal((Path + ".2026-11-24T101500Z", Path + ".2026-11-24T101500Z-2"), (first, second));
        Assert.Equal(["four", "one", "two"], Directory.EnumerateFiles(_folder.Path).Order(StringComparer.Ordinal).Select(File.ReadAllText));
        Assert.All(Directory.EnumerateFiles(_folder.Path), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void A_link_stays_a_link()
    {
        File.WriteAllText(_folder.File("real"), "old");
        File.CreateSymbolicLink(Path, _folder.File("real"));

        PrivateFile.Replace(Path, "new"u8);

        Assert.NotNull(new FileInfo(Path).LinkTarget);
        Assert.Equal("new", File.ReadAllText(_folder.File("real")));
    }

    [Fact]
    public async Task Its_owner_stays_who_it_was()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give files away.");
        // Only root can give files away; for everybody else the owner cannot change.
        var other = Environment.IsPrivilegedProcess ? "nobody" : Environment.UserName;
        await File.WriteAllTextAsync(Path, "old", TestContext.Current.CancellationToken);
        await Tool.Run("chown", other, Path);

        var kept = PrivateFile.Replace(Path, "new"u8, TimeProvider.System.GetUtcNow());

        Assert.Equal(other, (await Tool.Run("stat", "-c", "%U", Path)).Trim());
        Assert.Equal(other, (await Tool.Run("stat", "-c", "%U", kept!)).Trim());
    }

    [Fact]
    public void What_cannot_be_written_leaves_nothing_behind()
    {
        Directory.CreateDirectory(Path);

        Assert.ThrowsAny<IOException>(() => PrivateFile.Replace(Path, "new"u8));

        Assert.Single(Directory.EnumerateFileSystemEntries(_folder.Path));
    }
}
