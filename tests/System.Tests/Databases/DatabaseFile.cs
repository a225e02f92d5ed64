// SPDX-License-Identifier: Apache-2.0
using Npgsql;

namespace Tutti.System.Tests.Databases;

/// <summary>A file whose first line is a database's URL, as an administrator writes it.</summary>
internal sealed class DatabaseFile : IDisposable
{
    private DatabaseFile(string path) => Path = path;

    public string Path { get; }

    public static DatabaseFile Of(string connectionString, string? user = null)
    {
        var where = new NpgsqlConnectionStringBuilder(connectionString);
        return Containing($"postgresql://{user ?? where.Username}@{where.Host}:{where.Port}/{where.Database}?application_name=tutti");
    }

    public static DatabaseFile Containing(string line)
    {
        var path = global::System.IO.Path.GetTempFileName();
        File.WriteAllText(path, line + "\nsecond line that nobody reads\n");
        return new DatabaseFile(path);
    }

    public void Dispose() => File.Delete(Path);
}
