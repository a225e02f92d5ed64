// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tutti.Lui.Archives.Format;
using Tutti.Testing;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Tests.Archives;

/// <summary>Files that are no archives, or not those that were written: refused with a reason, whatever they are, and nothing of them is unpacked.</summary>
public sealed class ArchiveFileTests : IDisposable
{
    private const long Most = 64 * 1024 * 1024;
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_that_is_whole_is_read() => Assert.Null(await Refusal(CraftedArchive.Small().ToBytes()));

    [Theory]
    [InlineData("../../../etc/cron.d/evil")]
    [InlineData("/etc/passwd")]
    [InlineData("..\\lui.ini")]
    [InlineData("tables/recipient.jsonl")]
    [InlineData("tables/more.jsonl")]
    [InlineData("TABLES/recipient.jsonl")]
    public async Task Other_names_than_those_of_its_parts_are_refused(string name)
    {
        var crafted = CraftedArchive.Small();
        crafted.Extra.Add((name, [1]));
        Assert.Equal("archive.parts", await Refusal(crafted.ToBytes()));
        crafted.ChangeManifest = manifest => manifest["parts"]![0]!["name"] = name;
        Assert.Equal("archive.parts", await Refusal(crafted.ToBytes()));
    }

    [Fact]
    public async Task A_newer_format_another_format_and_no_format_are_told_apart()
    {
        Assert.Equal("archive.newer", await Refusal(manifest => manifest["version"] = 2));
        Assert.Equal("archive.no-archive", await Refusal(manifest => manifest["version"] = 0));
        Assert.Equal("archive.no-archive", await Refusal(manifest => manifest["version"] = "1"));
        Assert.Equal("archive.no-archive", await Refusal(manifest => manifest["format"] = "tutti-backup"));
        Assert.Equal("archive.no-archive", await Refusal(manifest => manifest.Remove("format")));
        Assert.Equal("archive.no-archive", await Refusal(manifest => manifest["parts"] = "none"));
        Assert.Equal("archive.no-archive", await Refusal(manifest => manifest.Remove("parts")));
        Assert.Equal("archive.no-archive", await Refusal("a,b\n1,2\n"u8.ToArray()));
        Assert.Equal("archive.no-archive", await Refusal([]));
    }

    [Fact]
    public async Task Wrong_digests_lengths_and_numbers_of_rows_are_refused()
    {
        foreach (var (what, value) in ((string, JsonNode)[])[("sha256", new string('0', 64)), ("rows", 2), ("bytes", 1), ("bytes", 1_000_000)])
        {
            Assert.Equal("archive.part", await Refusal(manifest => manifest["parts"]!.AsArray().Single(part => part!["table"]!.GetValue<string>() == "recipient")![what] = value));
        }

        Assert.Equal("archive.parts", await Refusal(manifest => manifest["parts"]![0]!["rows"] = -1));
        Assert.Equal("archive.parts", await Refusal(manifest => manifest["parts"]!.AsArray().RemoveAt(3)));
        var crafted = CraftedArchive.Small();
        crafted.Tables["stored_piece"].RemoveAt(2);
        Assert.Equal("archive.part", await Refusal(crafted.ToBytes()));
    }

    [Theory]
    [InlineData("[1")]
    [InlineData("[1,2,3,4,5]")]
    [InlineData("[1,2,3]")]
    [InlineData("{}")]
    [InlineData("[1,[2],3,4]")]
    [InlineData("[1,{\"b64\":\"%\"},3,4]")]
    [InlineData("[1,{\"b64\":\"\",\"x\":1},3,4]")]
    [InlineData("[1,2,3,4] [5]")]
    [InlineData("[1,2,3,1e999]")]
    [InlineData("\0")]
    [InlineData("[1,2,\"\\ud800\",4]")]
    public async Task A_row_that_is_none_is_refused(string line)
    {
        var crafted = CraftedArchive.Small();
        crafted.Tables["recipient"][5] = line;
        Assert.Equal("archive.part", await Refusal(crafted.ToBytes()));
    }

    [Theory]
    [InlineData("""["recipients_id","id","id"]""")]
    [InlineData("""["recipients_id"]""")]
    [InlineData("""[]""")]
    [InlineData("""["recipients_id","id",1]""")]
    public async Task Columns_that_cannot_be_are_refused(string line)
    {
        var crafted = CraftedArchive.Small();
        crafted.Tables["recipient"] = [line];
        Assert.Equal("archive.part", await Refusal(crafted.ToBytes()));
    }

    [Fact]
    public async Task A_file_out_of_which_far_more_comes_than_went_in_is_refused_before_it_is_unpacked()
    {
        // As the manifest says it.
        var bomb = CraftedArchive.Small();
        bomb.Tables["recipient"][1] = $"""[4,1,"{new string('a', 40 * 1024 * 1024)}",null]""";
        Assert.Equal("archive.too-much", await Refusal(bomb.ToBytes()));
        Assert.Equal("archive.too-much", await Refusal(manifest => manifest["parts"]![0]!["bytes"] = long.MaxValue));

        // And where the manifest lies: no more is taken out than it says.
        bomb.ChangeManifest = manifest => manifest["parts"]!.AsArray().Single(part => part!["table"]!.GetValue<string>() == "recipient")!["bytes"] = 5_000;
        Assert.Equal("archive.part", await Refusal(bomb.ToBytes()));

        // A directory that would fill the memory.
        var many = CraftedArchive.Small();
        many.Extra.AddRange(Enumerable.Range(0, 6_000).Select(number => ($"{number}", Array.Empty<byte>())));
        Assert.Equal("archive.too-much", await Refusal(many.ToBytes()));
    }

    [Fact]
    public async Task Whatever_is_changed_in_a_file_it_is_read_as_it_was_or_refused()
    {
        var bytes = CraftedArchive.Small().ToBytes();
        var random = new Random(20_261_124);
        var refused = 0;
        for (var round = 0; round < 400; round++)
        {
            var changed = bytes.ToArray();
            for (var times = random.Next(1, 4); times > 0; times--)
            {
                var at = random.Next(changed.Length);
                switch (random.Next(3))
                {
                    case 0:
                        changed[at] ^= (byte)(1 << random.Next(8));
                        break;
                    case 1:
                        changed = changed[..Math.Max(1, at)];
                        break;
                    default:
                        changed = [.. changed[..at], (byte)random.Next(256), .. changed[at..]];
                        break;
                }
            }

            refused += await Refusal(changed) is null ? 0 : 1;
        }

        Assert.InRange(refused, 200, 400);
    }

    [Fact]
    public void A_row_that_was_written_is_read_as_it_was()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            object?[] values = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => Value(random))];
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream))
            {
                writer.WriteStartArray();
                foreach (var value in values)
                {
                    ArchiveLine.Write(writer, value);
                }

                writer.WriteEndArray();
            }

            Assert.DoesNotContain((byte)'\n', stream.ToArray());
            Assert.Equal(values, ArchiveLine.Values(new ReadOnlySequence<byte>(stream.ToArray()), values.Length));
        }
    }

    private static object? Value(Random random) => random.Next(6) switch
    {
        0 => null,
        1 => random.NextInt64(long.MinValue, long.MaxValue),
        2 => random.Next(2) == 0,
        3 => random.NextDouble() + 0.25,
        4 => Enumerable.Range(0, random.Next(40)).Select(_ => (byte)random.Next(256)).ToArray(),
        _ => string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => (Rune)(random.Next(4) == 0 ? random.Next(0x1F300, 0x1F600) : random.Next(0, 0x3000)))),
    };

    private Task<string?> Refusal(Action<JsonObject> change)
    {
        var crafted = CraftedArchive.Small();
        crafted.ChangeManifest = change;
        return Refusal(crafted.ToBytes());
    }

    private async Task<string?> Refusal(byte[] bytes)
    {
        var path = _folder.File("one.zip");
        await File.WriteAllBytesAsync(path, bytes, Stop);
        if (!ArchiveFile.Open(path, Most).Is(out var file, out var refusal))
        {
            return Said(refusal);
        }

        using (file)
        {
            return (await file.Verify(Stop)).Is(out _, out refusal) ? null : Said(refusal);
        }
    }

    private static string Said(Refusal refusal)
    {
        Assert.Equal(("file", RefusalKind.Invalid), (refusal.Field, refusal.Kind));
        return refusal.Code;
    }
}
