// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Merging;

namespace Tutti.Mail.Tests.Merging;

public sealed class LimitedWriterTests
{
    [Fact]
    public async Task All_ways_of_writing_end_up_in_the_text()
    {
        using var writer = new LimitedWriter(100);
        var cancellationToken = TestContext.Current.CancellationToken;
        writer.Write('a');
        writer.Write("bc");
        writer.Write((string?)null);
        writer.Write(['x', 'd', 'e', 'x'], 1, 2);
        writer.Write("fg".AsSpan());
        await writer.WriteAsync('h');
        await writer.WriteAsync("ij");
        await writer.WriteAsync(['x', 'k', 'l'], 1, 2);
        await writer.WriteAsync("mn".AsMemory(), cancellationToken);
        Assert.Equal("abcdefghijklmn", writer.Take());
        Assert.Equal("", writer.Take());
    }

    [Fact]
    public void The_limit_is_kept_to_the_character()
    {
        using var writer = new LimitedWriter(3);
        writer.Write("abc");
        Assert.Throws<MergeException>(() => writer.Write('d'));
        Assert.Throws<MergeException>(() => writer.Write("d"));
        Assert.Throws<MergeException>(() => writer.Write("d".AsSpan()));
        Assert.Throws<MergeException>(() => writer.Write(['d'], 0, 1));
        Assert.Equal("abc", writer.Take());
    }
}
