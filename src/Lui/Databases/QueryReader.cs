// SPDX-License-Identifier: Apache-2.0
using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Databases;

/// <summary>Reads from a named database, a row at a time. What the database says against it comes back as a refusal in its own words.</summary>
internal sealed class QueryReader(ConnectionSecrets secrets, TimeProvider clock)
{
    /// <summary>What is done with a row; false if no more are wanted.</summary>
    public delegate ValueTask<bool> Take(IReadOnlyList<string> values);

    /// <summary>Runs a statement and gives its rows one after the other; a row is valid until the next one. Answers how many there were.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="statement">What is read.</param>
    /// <param name="parameters">A value for each name in it.</param>
    /// <param name="limit">How long it may take, to the last row.</param>
    /// <param name="columns">Gets the names of the columns, before the first row.</param>
    /// <param name="take">Gets the rows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Outcome<long>> Handle(
        DatabaseConnection connection,
        QueryStatement statement,
        IReadOnlyList<QueryParameter> parameters,
        TimeSpan limit,
        Func<IReadOnlyList<string>, ValueTask> columns,
        Take take,
        CancellationToken cancellationToken)
    {
        if (secrets.Show(connection.Secret) is not { } password)
        {
            return DatabaseRefusals.SecretLost(connection.Name);
        }

        if (!Values(statement, parameters).Is(out var values, out var refusal))
        {
            return refusal;
        }

        using var late = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await Run(connection, password, statement, values, columns, take, either.Token);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
        catch (Exception failure) when (late.IsCancellationRequested && (failure is OperationCanceledException || IsOfDatabase(failure)))
        {
            return DatabaseRefusals.TooLong(connection.Name, limit);
        }
        catch (Exception failure) when (IsOfDatabase(failure))
        {
            return DatabaseRefusals.Failed(connection.Name, WordsOf(failure, password));
        }
    }

    private static async Task<Outcome<long>> Run(
        DatabaseConnection connection,
        string password,
        QueryStatement statement,
        IReadOnlyList<(string Name, object Value)> values,
        Func<IReadOnlyList<string>, ValueTask> columns,
        Take take,
        CancellationToken cancellationToken)
    {
        var (open, transaction) = await ReadOnlyConnection.Open(connection, password, cancellationToken);
        await using var closing = open;
        await using var end = ReadOnlyConnection.EndWith(open, cancellationToken);
        await using var command = open.CreateCommand();
#pragma warning disable CA2100 // People who prepare recipients write it; the connection cannot write.
        command.CommandText = statement.Text;
#pragma warning restore CA2100
        command.Transaction = transaction;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("@" + name, value);
            command.Parameters.Add(parameter);
        }

        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleResult, cancellationToken);
        if (reader.FieldCount == 0)
        {
            return DatabaseRefusals.NoColumns(connection.Name);
        }

        var row = new string[reader.FieldCount];
        await columns([.. Enumerable.Range(0, row.Length).Select(reader.GetName)]);
        var count = 0L;
        while (await reader.ReadAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = TextOf(reader.GetValue(i));
            }

            count++;
            if (!await take(row))
            {
                // Otherwise closing would read the rest of the rows.
                command.Cancel();
                break;
            }
        }

        return count;
    }

    private static Outcome<IReadOnlyList<(string Name, object Value)>> Values(QueryStatement statement, IReadOnlyList<QueryParameter> parameters)
    {
        var values = new List<(string, object)>();
        foreach (var name in statement.Parameters)
        {
            if (parameters.FirstOrDefault(one => string.Equals(one.Name.TrimStart('@'), name, StringComparison.OrdinalIgnoreCase)) is not { } parameter)
            {
                return DatabaseRefusals.MissingParameter(name);
            }

            if (!parameter.Read().Is(out var value, out var refusal))
            {
                return refusal;
            }

            values.Add((name, value));
        }

        return values;
    }

    /// <summary>A value as the text of a merge field, in one form whatever the database and the country.</summary>
    internal static string TextOf(object value) => value switch
    {
        DBNull => "",
        string text => text,
        bool truth => truth ? "TRUE" : "FALSE",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime at when at.TimeOfDay == TimeSpan.Zero => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime at => at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        DateTimeOffset at => at.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexString(bytes),
        string[] texts => string.Join(", ", texts),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static bool IsOfDatabase(Exception failure) => failure is DbException or SocketException or IOException or TimeoutException or InvalidCastException or NotSupportedException;

    // Some drivers repeat what they were given.
    private static string WordsOf(Exception failure, string password)
    {
        var message = failure.Message.ReplaceLineEndings(" ");
        return password.Length == 0 ? message : message.Replace(password, "…", StringComparison.Ordinal);
    }
}
