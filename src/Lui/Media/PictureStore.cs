// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Media;

/// <summary>The images of the library; their bytes lie in <see cref="Files.StoredFileStore"/>.</summary>
internal sealed class PictureStore(Database database)
{
    private const string Columns = "key, digest, name, alt, content_type AS ContentType, size, by_id AS ById, by_name AS ByName, added_at AS AddedAt";

    /// <summary>Images whose name or words hold a text, the newest first, and how many there are.</summary>
    public async Task<(IReadOnlyList<Picture> Pictures, long Total)> Find(string search, int skip, int take, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var values = new { like = $"%{search.Trim().ToUpperInvariant().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%", skip, take };
        const string Where = "FROM media WHERE UPPER(name) LIKE @like ESCAPE '\\' OR UPPER(alt) LIKE @like ESCAPE '\\'";
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} {Where} ORDER BY added_at DESC, key LIMIT @take OFFSET @skip", values, cancellationToken: cancellationToken));
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition($"SELECT COUNT(*) {Where}", values, cancellationToken: cancellationToken));
        return ([.. rows.Select(row => row.ToPicture())], total);
    }

    /// <summary>An image, or null.</summary>
    public async Task<Picture?> Get(string key, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM media WHERE key = @key", new { key }, cancellationToken: cancellationToken)))?.ToPicture();
    }

    /// <summary>Keeps an image; the same bytes keep their address and get the new name and words.</summary>
    public static Task Save(DbTransaction transaction, Picture picture, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
        """
        INSERT INTO media (key, digest, name, alt, content_type, size, by_id, by_name, added_at)
        VALUES (@Key, @Digest, @Name, @Alt, @ContentType, @Size, @byId, @byName, @at)
        ON CONFLICT (key) DO UPDATE SET name = excluded.name, alt = CASE WHEN excluded.alt = '' THEN media.alt ELSE excluded.alt END
        """,
        new
        {
            picture.Key,
            picture.Digest,
            picture.Name,
            picture.Alt,
            picture.ContentType,
            picture.Size,
            byId = picture.By.Id,
            byName = picture.By.Name,
            at = picture.At.ToUnixTimeMilliseconds(),
        },
        transaction,
        cancellationToken: cancellationToken));

    /// <summary>Changes the words of an image; false if it is not there.</summary>
    public Task<bool> Describe(string key, string alt, CancellationToken cancellationToken) => database.Write(
        async transaction => await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE media SET alt = @alt WHERE key = @key", new { key, alt }, transaction, cancellationToken: cancellationToken)) > 0,
        cancellationToken);

    /// <summary>
    /// Codes of the jobs whose message shows an image, whatever state they are in: who opens an old message still asks for it. With them those
    /// whose delivery showed it before the message was changed.
    /// </summary>
    public static async Task<IReadOnlyList<string>> Uses(DbTransaction transaction, Picture picture, CancellationToken cancellationToken) =>
        [.. await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            """
            SELECT code FROM job
            WHERE EXISTS (SELECT 1 FROM content WHERE content.job_id = job.id AND content.html LIKE @like ESCAPE '\')
               OR EXISTS (SELECT 1 FROM content_draft WHERE content_draft.job_id = job.id AND content_draft.html LIKE @like ESCAPE '\')
               OR EXISTS (SELECT 1 FROM delivery WHERE delivery.job_id = job.id AND delivery.plan LIKE @like ESCAPE '\')
            ORDER BY id
            """,
            new { like = $"%{picture.Mark.Replace("_", "\\_", StringComparison.Ordinal)}%" },
            transaction,
            cancellationToken: cancellationToken))];

    /// <summary>Takes an image out of the library.</summary>
    public static Task Remove(DbTransaction transaction, string key, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
        "DELETE FROM media WHERE key = @key", new { key }, transaction, cancellationToken: cancellationToken));

    private sealed class Row
    {
        public string Key { get; init; } = "";

        public string Digest { get; init; } = "";

        public string Name { get; init; } = "";

        public string Alt { get; init; } = "";

        public string ContentType { get; init; } = "";

        public long Size { get; init; }

        public string ById { get; init; } = "";

        public string ByName { get; init; } = "";

        public long AddedAt { get; init; }

        public Picture ToPicture() => new(Key, Digest, Name, Alt, ContentType, Size, new Actor(ById, ByName), DateTimeOffset.FromUnixTimeMilliseconds(AddedAt));
    }
}
