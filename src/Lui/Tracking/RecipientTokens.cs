// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Tutti.Mail.Links;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tracking;

/// <summary>Turns recipients into the opaque numbers that tracking tokens carry, and back. Only LUI can do either.</summary>
internal sealed class RecipientTokens(Database database) : IDisposable
{
    // A recipient's token differs from job to job: what a tracker spools cannot be joined over jobs.
    private const int RecipientBits = 32;

    private readonly SemaphoreSlim _once = new(1, 1);
    private RecipientToken? _permutation;
    private byte[]? _secret;

    /// <summary>The permutation of this installation; its secret is made at the first need.</summary>
    public async ValueTask<RecipientToken> Permutation(CancellationToken cancellationToken)
    {
        if (_permutation is { } ready)
        {
            return ready;
        }

        await _once.WaitAsync(cancellationToken);
        try
        {
            return _permutation ??= new RecipientToken(await Secret(cancellationToken));
        }
        finally
        {
            _once.Release();
        }
    }

    /// <summary>A key of this installation for one purpose, of 32 bytes; who has it knows nothing of the permutation or of keys for others.</summary>
    public async ValueTask<byte[]> KeyFor(string purpose, CancellationToken cancellationToken)
    {
        _secret ??= await Secret(cancellationToken);
        return HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(purpose));
    }

    /// <summary>The token of a recipient in a delivery.</summary>
    public static ulong Of(RecipientToken permutation, long deliveryId, long recipientId) =>
        permutation.OfRow(((ulong)deliveryId << RecipientBits) | (ulong)recipientId);

    /// <summary>The recipient of a token, or null if it was not made for this delivery.</summary>
    public static long? RecipientOf(RecipientToken permutation, long deliveryId, ulong token)
    {
        var row = permutation.ToRow(token);
        return row >> RecipientBits == (ulong)deliveryId ? (long)(row & uint.MaxValue) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _once.Dispose();

    private Task<byte[]> Secret(CancellationToken cancellationToken) => database.Write(
        async transaction =>
        {
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "INSERT INTO recipient_secret (only_row, secret) VALUES (1, @secret) ON CONFLICT (only_row) DO NOTHING",
                new { secret = RandomNumberGenerator.GetBytes(32) },
                transaction,
                cancellationToken: cancellationToken));
            return (await transaction.Connection!.ExecuteScalarAsync<byte[]>(new CommandDefinition(
                "SELECT secret FROM recipient_secret WHERE only_row = 1", transaction: transaction, cancellationToken: cancellationToken)))!;
        },
        cancellationToken);
}
