// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Npgsql;

namespace Tutti.Wiring.Storage;

/// <summary>How an absent database server shows, and what other components hear of it: not now, try again.</summary>
public static class DatabaseAbsence
{
    /// <summary>Whether an error says that the database is away, and not that a statement is wrong.</summary>
    public static bool Is(Exception exception) => exception switch
    {
        // 08: connection; 57P: shutting down or starting; 53: out of connections or memory.
        PostgresException postgres => postgres.SqlState.StartsWith("08", StringComparison.Ordinal)
            || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal) || postgres.SqlState.StartsWith("53", StringComparison.Ordinal),
        NpgsqlException npgsql => npgsql.InnerException is System.Net.Sockets.SocketException or IOException or TimeoutException || npgsql.IsTransient,
        { InnerException: { } inner } => Is(inner),
        _ => false,
    };

    /// <summary>Says UNAVAILABLE to other components, which then try again.</summary>
    internal sealed class Interception : Interceptor
    {
        /// <inheritdoc/>
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            ArgumentNullException.ThrowIfNull(continuation);
            try
            {
                return await continuation(request, context);
            }
            catch (DbException exception) when (Is(exception))
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "The database does not answer."));
            }
        }
    }
}
