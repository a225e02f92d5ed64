// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Lui.Recipients.Csv;
using Tutti.Testing;

namespace Tutti.Lui.Tests.Recipients.Csv;

public sealed class ColumnNamesTests
{
    [Theory]
    [InlineData("2ND", "does not start with a letter", "FIELD1_2ND")]
    [InlineData("FIRST NAME", "has other characters than letters, digits and _", "FIRST_NAME")]
    [InlineData("Straße", "has other characters than letters, digits and _", "Stra_e")]
    [InlineData("Prénom", "has other characters than letters, digits and _", "Prenom")]
    [InlineData("", "is empty", "FIELD1")]
    [InlineData("!!", "does not start with a letter", "FIELD1")]
    public void A_name_that_cannot_be_a_merge_field_is_told_and_adapted(string given, string problem, string adapted)
    {
        var column = Assert.Single(ColumnNames.FromHeader([given]));
        Assert.Equal(new Column(adapted, given, problem), column);
    }

    [Fact]
    public void Good_names_stay() =>
        Assert.All(ColumnNames.FromHeader(["email", "NAME", "a1_b"]), column => Assert.Equal((column.Given, null), (column.Name, column.Problem)));

    [Fact]
    public void A_name_that_is_there_twice_is_told_in_any_case()
    {
        var columns = ColumnNames.FromHeader(["Name", "NAME", "NAME_2"]);
        Assert.Equal(["Name", "NAME_3", "NAME_2"], columns.Select(column => column.Name));
        Assert.Equal([null, "is there twice", null], columns.Select(column => column.Problem));
    }

    [Fact]
    public void Without_a_header_columns_are_numbered() => Assert.Equal(["FIELD1", "FIELD2"], ColumnNames.Numbered(2).Select(column => column.Name));

    [Fact]
    public void Adapted_names_are_always_valid_and_different() => Gen.String[0, 80].Array[1, 12].SampleRepeatably(header =>
    {
        var names = ColumnNames.FromHeader(header).Select(column => column.Name).ToList();
        Assert.All(names, name => Assert.Null(ColumnNames.ProblemOf(name)));
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    });
}
