// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Data.Common;
using System.Text.Json;

namespace Tutti.Lui.Archives.Format;

/// <summary>A row as a line of a part: a JSON array of whole numbers, numbers, texts, truth values, nulls, and bytes as <c>{"b64": "…"}</c>.</summary>
internal static class ArchiveLine
{
    private const string Bytes = "b64";

    /// <summary>Writes the line of the row that a reader stands at.</summary>
    public static void Write(Utf8JsonWriter line, DbDataReader row)
    {
        line.WriteStartArray();
        for (var column = 0; column < row.FieldCount; column++)
        {
            Write(line, row.IsDBNull(column) ? null : row.GetValue(column));
        }

        line.WriteEndArray();
    }

    /// <summary>The names of the columns, or null if that is no such line.</summary>
    public static string[]? Names(ReadOnlySequence<byte> line)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 2 });
        var names = new List<string>();
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            names.Add(reader.GetString()!);
        }

        return reader.TokenType == JsonTokenType.EndArray && !reader.Read() ? [.. names] : null;
    }

    /// <summary>The values of a row, or null if that is no such line.</summary>
    public static object?[]? Values(ReadOnlySequence<byte> line, int columns)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 3 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return null;
        }

        var values = new object?[columns];
        for (var column = 0; column < columns; column++)
        {
            if (!reader.Read() || !TryValue(ref reader, out values[column]))
            {
                return null;
            }
        }

        return reader.Read() && reader.TokenType == JsonTokenType.EndArray && !reader.Read() ? values : null;
    }

    /// <summary>Writes one value.</summary>
    public static void Write(Utf8JsonWriter line, object? value)
    {
        switch (value)
        {
            case null:
                line.WriteNullValue();
                break;
            case long number:
                line.WriteNumberValue(number);
                break;
            case string text:
                line.WriteStringValue(text);
                break;
            case bool truth:
                line.WriteBooleanValue(truth);
                break;
            case double real:
                line.WriteNumberValue(real);
                break;
            case byte[] bytes:
                line.WriteStartObject();
                line.WriteBase64String(Bytes, bytes);
                line.WriteEndObject();
                break;
            default:
                throw new InvalidOperationException($"An archive cannot hold a {value.GetType().Name}.");
        }
    }

    private static bool TryValue(ref Utf8JsonReader reader, out object? value)
    {
        value = null;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return true;
            case JsonTokenType.True or JsonTokenType.False:
                value = reader.TokenType == JsonTokenType.True;
                return true;
            case JsonTokenType.String:
                value = reader.GetString();
                return true;
            case JsonTokenType.Number:
                value = reader.TryGetInt64(out var whole) ? (object)whole : reader.GetDouble();
                return value is not double real || double.IsFinite(real);
            case JsonTokenType.StartObject:
                if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(Bytes) || !reader.Read() || reader.TokenType != JsonTokenType.String
                    || !reader.TryGetBytesFromBase64(out var bytes) || !reader.Read() || reader.TokenType != JsonTokenType.EndObject)
                {
                    return false;
                }

                value = bytes;
                return true;
            default:
                return false;
        }
    }
}
