// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Tutti.Wiring.Storage;

/// <summary>
/// Where a PostgreSQL database is, as people write it: <c>postgresql://user:password@host:5432/name?sslmode=verify-full</c>
/// (PostgreSQL 17, 32.1.1.2), or keys and values with semicolons between them, as Npgsql reads them.
/// </summary>
public static class PostgresUrl
{
    private const int StandardPort = 5432;

    /// <summary>Reads either form.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="connectionString">As Npgsql reads it.</param>
    /// <param name="problem">What is wrong; never shows the password.</param>
    public static bool TryRead(string text, [NotNullWhen(true)] out string? connectionString, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        (connectionString, problem) = (null, null);
        try
        {
            var builder = text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
                ? FromUrl(text)
                : new NpgsqlConnectionStringBuilder(text);
            problem = builder switch
            {
                { Host: null or "" } => "does not name a host.",
                { Database: null or "" } => "does not name a database.",
                _ => null,
            };
            connectionString = problem is null ? builder.ToString() : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            // What the driver says may quote a value; the key is all that people need.
            problem = exception is ArgumentException { ParamName: { } key } ? $"has an entry '{key}' that PostgreSQL connections do not know." : "is neither a PostgreSQL URL nor a list of Key=Value.";
        }

        return problem is null;
    }

    private static NpgsqlConnectionStringBuilder FromUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            throw new FormatException();
        }

        var user = url.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host,
            Port = url.IsDefaultPort || url.Port < 0 ? StandardPort : url.Port,
            Database = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/')),
        };
        if (user[0].Length > 0)
        {
            builder.Username = Uri.UnescapeDataString(user[0]);
        }

        if (user.Length == 2)
        {
            builder.Password = Uri.UnescapeDataString(user[1]);
        }

        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            var key = Uri.UnescapeDataString(parts[0]);
            builder[KeyOf(key)] = ValueOf(key, parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "");
        }

        return builder;
    }

    private static string KeyOf(string parameter) => parameter switch
    {
        "sslmode" => "SSL Mode",
        "sslrootcert" => "Root Certificate",
        "sslcert" => "SSL Certificate",
        "sslkey" => "SSL Key",
        "sslpassword" => "SSL Password",
        "connect_timeout" => "Timeout",
        "application_name" => "Application Name",
        "keepalives_interval" => "Keepalive",
        _ => throw new ArgumentException("unknown", parameter),
    };

    private static string ValueOf(string parameter, string value) => parameter == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
}
