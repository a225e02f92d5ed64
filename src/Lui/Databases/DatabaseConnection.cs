// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Databases;

/// <summary>What kind of database it is.</summary>
internal enum DatabaseKind
{
    /// <summary>PostgreSQL.</summary>
    Postgresql,

    /// <summary>MySQL or MariaDB.</summary>
    Mysql,

    /// <summary>Microsoft SQL Server.</summary>
    Sqlserver,

    /// <summary>A SQLite file on this server.</summary>
    Sqlite,
}

/// <summary>A database of the organisation that an administrator has named, so that people can read recipients from it.</summary>
/// <param name="Id">Its number; 0 before it is saved.</param>
/// <param name="Name">How people choose it; unique.</param>
/// <param name="Kind">Which language it speaks.</param>
/// <param name="Host">Where it is; empty for SQLite.</param>
/// <param name="Port">Its port; 0 for SQLite.</param>
/// <param name="Place">Name of the database, or absolute path of the SQLite file.</param>
/// <param name="Account">Who signs in there; empty for SQLite.</param>
/// <param name="Secret">The password, encrypted; empty for none.</param>
/// <param name="Verified">True to go on only with TLS and a certificate that this server trusts.</param>
/// <param name="By">Who saved it.</param>
/// <param name="SavedAt">When it was saved; it was tested then.</param>
internal sealed record DatabaseConnection(
    long Id, string Name, DatabaseKind Kind, string Host, int Port, string Place, string Account, string Secret, bool Verified, Actor By, DateTimeOffset SavedAt);
