// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Tutti.Lui.Delivery;
using Tutti.Lui.Recipients.Columns;
using Tutti.Mail.Links;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tracking.Types;

/// <summary>A profile: the values that some recipients of a delivery share.</summary>
/// <param name="Trace">Its number in links and events; drawn, so it follows from nothing.</param>
/// <param name="Fields">The chosen columns with their values, as JSON.</param>
/// <param name="Recipients">How many share it.</param>
internal sealed record TrackingProfile(ulong Trace, string Fields, long Recipients);

/// <summary>
/// The profiles of anonymous deliveries. They are found and fixed when a delivery starts, because only then it is known how many share each: one of a few
/// people would give them away, so none is made for them. Nothing of a recipient is kept with a profile.
/// </summary>
internal sealed class TrackingProfiles(Database database)
{
    /// <summary>Most profiles of a delivery; the largest are kept.</summary>
    public const int Most = 10_000;

    /// <summary>The profiles that the recipients of a set make; none where the tracking has no profile columns.</summary>
    /// <param name="snapshot">The set.</param>
    /// <param name="details">The columns; those who permit personal tracking are in no profile.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<TrackingProfile>> Read(Snapshot snapshot, TrackingDetails details, CancellationToken cancellationToken)
    {
        var columns = details.ProfileFields.Select(field => FieldSql.IndexOf(snapshot.Columns, field)).ToList();
        if (columns.Count == 0 || columns.Contains(-1))
        {
            return [];
        }

        var permission = FieldSql.IndexOf(snapshot.Columns, details.PermissionField);
        var others = permission < 0 ? "" : $"AND NOT ({Permission.Sql(FieldSql.Of(database.Dialect, permission))})";
        var values = columns.Select((column, index) => $"COALESCE({FieldSql.Of(database.Dialect, column)}, '') AS v{index}").ToList();
        var profiles = new List<TrackingProfile>();
        var drawn = new HashSet<ulong>();
        await using var connection = await database.Open(cancellationToken);
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(
            $"""
            SELECT COUNT(*) AS recipients, {string.Join(", ", values)} FROM recipient WHERE recipients_id = @RecipientsId {others}
            GROUP BY {string.Join(", ", values.Select((_, index) => index + 2))} HAVING COUNT(*) >= @fewest ORDER BY 1 DESC LIMIT @Most
            """,
            new { snapshot.RecipientsId, fewest = TrackingRules.FewestInProfile, Most },
            commandTimeout: 3600,
            cancellationToken: cancellationToken));
        while (await reader.ReadAsync(cancellationToken))
        {
            var trace = Bearer.Draw();
            while (!drawn.Add(trace))
            {
                trace = Bearer.Draw();
            }

            profiles.Add(new TrackingProfile(trace, FieldsOf(details.ProfileFields, columns.Select((_, index) => reader.GetString(index + 1))), reader.GetInt64(0)));
        }

        return profiles;
    }

    /// <summary>Fixes the profiles of a delivery, within the transaction that starts it.</summary>
    public static Task Keep(DbTransaction transaction, long deliveryId, IReadOnlyList<TrackingProfile> profiles, CancellationToken cancellationToken) =>
        profiles.Count == 0 ? Task.CompletedTask : transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "INSERT INTO tracking_profile (delivery_id, trace, fields, recipients) VALUES (@deliveryId, @Trace, @Fields, @Recipients)",
            profiles.Select(profile => new { deliveryId, Trace = (long)profile.Trace, profile.Fields, profile.Recipients }),
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>The numbers of a delivery's profiles by their fields.</summary>
    public async Task<IReadOnlyDictionary<string, ulong>> Of(long deliveryId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(string Fields, long Trace)>(new CommandDefinition(
            "SELECT fields, trace FROM tracking_profile WHERE delivery_id = @deliveryId", new { deliveryId }, cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.Fields, row => (ulong)row.Trace, StringComparer.Ordinal);
    }

    /// <summary>Columns and values as they are kept.</summary>
    public static string FieldsOf(IReadOnlyList<string> names, IEnumerable<string> values) => JsonSerializer.Serialize(names.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second));
}
