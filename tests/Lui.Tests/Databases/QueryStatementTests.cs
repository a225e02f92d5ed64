// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Databases;
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Tests.Databases;

public sealed class QueryStatementTests
{
    [Theory]
    [InlineData("postgresql", "DELETE FROM member", "database.only-select")]
    [InlineData("postgresql", "COPY member TO PROGRAM 'x'", "database.only-select")]
    [InlineData("postgresql", "SELECT 1; DELETE FROM member", "database.one-statement")]
    [InlineData("postgresql", "-- SELECT\nDELETE FROM member", "database.only-select")]
    [InlineData("postgresql", "/* x */ UPDATE member SET a = 1", "database.only-select")]
    [InlineData("postgresql", "SELECTED", "database.only-select")]
    [InlineData("postgresql", " ; ", "database.no-statement")]
    [InlineData("sqlite", "ATTACH '/etc/x' AS y", "database.only-select")]
    [InlineData("sqlite", "SELECT 1\0; DELETE", "database.one-statement")]
    [InlineData("mysql", "SELECT 1 INTO OUTFILE '/tmp/x'", "database.word")]
    [InlineData("mysql", "SELECT '\\'' into/**/dumpfile '/tmp/x'", "database.word")]
    [InlineData("mysql", "SELECT load_file('/etc/passwd')", "database.word")]
    [InlineData("mysql", "SELECT 1 /*!50000 INTO @a */", "database.word")]
    [InlineData("sqlserver", "SELECT 1 DELETE FROM member", "database.word")]
    [InlineData("sqlserver", "WITH a AS (SELECT 1 AS b) UPDATE member SET c = 1", "database.word")]
    [InlineData("sqlserver", "SELECT * INTO copy FROM member", "database.word")]
    [InlineData("sqlserver", "SELECT [a]]'] exec('x') --'", "database.word")]
    [InlineData("sqlserver", "SELECT 1 COMMIT", "database.word")]
    public void What_could_do_more_than_read_is_refused(string kind, string sql, string code) =>
        Assert.Equal(code, QueryStatement.Read(sql, Words.To<DatabaseKind>(kind)).Refusal.Code);

    [Fact]
    public void A_statement_that_reads_is_taken_with_its_parameters()
    {
        var statement = QueryStatement.Read("  -- members\n (SELECT email, 'x@city' AS a FROM member WHERE city = @city AND joined > @Since AND \"a@b\" = @CITY /* @no */) ; ", DatabaseKind.Postgresql).Value;
        Assert.Equal(["city", "Since"], statement.Parameters);
        Assert.EndsWith("*/)", statement.Text, StringComparison.Ordinal);
        Assert.Equal(["a"], QueryStatement.Read("WITH x AS (SELECT 1) SELECT * FROM x WHERE y = @a AND @@version > 1", DatabaseKind.Mysql).Value.Parameters);
        Assert.Empty(QueryStatement.Read("SELECT updated_at, created FROM member", DatabaseKind.Sqlserver).Value.Parameters);
    }

    [Theory]
    [InlineData(0, " 007 x ", " 007 x ")]
    [InlineData(1, " -12 ", -12L)]
    [InlineData(3, "Yes", true)]
    [InlineData(3, "0", false)]
    public void Values_are_read_by_their_type(int type, string text, object expected) =>
        Assert.Equal(expected, new QueryParameter("a", (ParameterType)type, text).Read().Value);

    [Fact]
    public void A_value_that_does_not_fit_its_type_is_named()
    {
        Assert.Equal(12.5m, new QueryParameter("a", ParameterType.Number, "12.5").Read().Value);
        Assert.Equal(new DateTime(2026, 11, 24, 9, 30, 0), new QueryParameter("a", ParameterType.Date, "2026-11-24 09:30").Read().Value);
        Assert.Equal("@since: “24.11.2026” cannot be read as date.", new QueryParameter("since", ParameterType.Date, "24.11.2026").Read().Refusal.Message);
        Assert.Equal("database.parameter", new QueryParameter("n", ParameterType.Number, "1,000").Read().Refusal.Code);
        Assert.Equal("database.parameter", new QueryParameter("n", ParameterType.YesNo, "maybe").Read().Refusal.Code);
    }
}
