// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text.Json;
using CsCheck;
using Tutti.Lui.Recipients.Csv;
using Tutti.Lui.Recipients.Import;
using Tutti.Testing;

namespace Tutti.Lui.Tests.Recipients.Import;

public sealed class FieldsJsonTests
{
    [Fact]
    public Task Any_values_are_read_again_as_they_were() => Gen.String[Gen.Char['\u0001', '\u02ff'], 0, 20].Array[2, 6].SampleRepeatably(async values =>
    {
        using var stream = new MemoryStream();
        await using (var writer = new CsvWriter(stream))
        {
            await writer.Write(values);
        }

        using var reader = new CsvReader(new MemoryStream(stream.ToArray()), (byte)',', (byte)'"');
        Assert.True(reader.Read());
        var json = new ArrayBufferWriter<byte>();
        FieldsJson.Write(reader, json);
        Assert.Equal(values, JsonSerializer.Deserialize<string[]>(json.WrittenSpan));
    });
}
