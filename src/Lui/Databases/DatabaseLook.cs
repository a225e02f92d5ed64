// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Databases;

/// <summary>How databases are shown.</summary>
internal static class DatabaseLook
{
    /// <summary>Its port, if nobody says another one.</summary>
    public static int PortOf(DatabaseKind kind) => kind switch
    {
        DatabaseKind.Postgresql => 5432,
        DatabaseKind.Mysql => 3306,
        DatabaseKind.Sqlserver => 1433,
        DatabaseKind.Sqlite => 0,
    };

    /// <summary>What it is called.</summary>
    public static string NameOf(DatabaseKind kind) => kind switch
    {
        DatabaseKind.Postgresql => DatabasesWords.Postgresql,
        DatabaseKind.Mysql => DatabasesWords.Mysql,
        DatabaseKind.Sqlserver => DatabasesWords.Sqlserver,
        DatabaseKind.Sqlite => DatabasesWords.Sqlite,
    };

    /// <summary>What a type is called.</summary>
    public static string NameOf(ParameterType type) => type switch
    {
        ParameterType.Text => DatabasesWords.TypeText,
        ParameterType.Number => DatabasesWords.TypeNumber,
        ParameterType.Date => DatabasesWords.TypeDate,
        ParameterType.YesNo => DatabasesWords.TypeYesNo,
    };
}
