// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tutti.Lui.Reports.Signed;

/// <summary>
/// Writes JSON lines, and as the last one the signature of all bytes before it: ECDSA over SHA-256, as DER (RFC 3279 §2.2.3) in Base64. Holds one line in
/// memory however long the file becomes.
/// </summary>
internal sealed class SignedLines(Stream stream, ReceiptKey key) : IDisposable
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>Writes a line.</summary>
    public async ValueTask Write<T>(T value, CancellationToken cancellationToken)
    {
        _line.ResetWrittenCount();
        await using (var writer = new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = _json.Encoder }))
        {
            JsonSerializer.Serialize(writer, value, _json);
        }

        _line.Write("\n"u8);
        _hash.AppendData(_line.WrittenSpan);
        await stream.WriteAsync(_line.WrittenMemory, cancellationToken);
    }

    /// <summary>Writes the last line.</summary>
    public async Task Sign(CancellationToken cancellationToken)
    {
        using var signer = ECDsa.Create();
        signer.ImportFromPem(key.PrivateKey);
        var signature = signer.SignHash(_hash.GetHashAndReset(), DSASignatureFormat.Rfc3279DerSequence);
        await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(new { signature = Convert.ToBase64String(signature) }, _json), cancellationToken);
        await stream.WriteAsync("\n"u8.ToArray(), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
