// SPDX-License-Identifier: Apache-2.0
using CsCheck;
using Tutti.Mail.Merging;
using Tutti.Mail.Tests.Transfer;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Merging;

public sealed class MergeRowTests
{
    [Fact]
    public void Fields_are_found_whatever_the_case()
    {
        var data = Data(("First_Name", "Anna"));
        Assert.Equal("Anna", data["first_name"]);
        Assert.Equal("Anna", data["FIRST_NAME"]);
        Assert.Equal("", data["last_name"]);
    }

    [Fact]
    public void A_column_is_found_under_its_identifier()
    {
        var data = Data(("First name", "Anna"), ("E-Mail privat", "x"), ("Größe", "L"), ("2024", "yes"), ("first_name", "exact"));
        Assert.Equal("Anna", data["First name"]);
        Assert.Equal("exact", data["First_name"]);
        Assert.Equal("x", data["e_mail_privat"]);
        Assert.Equal("L", data["grosse"]);
        Assert.Equal("yes", data["F_2024"]);
    }

    [Theory]
    [InlineData("Straße", "Strasse")]
    [InlineData("  Größe ", "Grosse")]
    [InlineData("a-b c", "a_b_c")]
    [InlineData("名前", "__")]
    [InlineData("", "F_")]
    [InlineData("Empty", "Empty_")]
    [InlineData("true", "true_")]
    public void Headers_become_identifiers(string header, string identifier)
    {
        Assert.Equal(identifier, MergeFields.IdentifierOf(header));
        Assert.True(Template.TryParse("{{ " + identifier + " }}", ContentPart.Text, out var template, out _));
        Assert.Equal([identifier], template.FieldNames);
    }

    [Fact]
    public void Every_header_has_an_identifier_that_the_template_language_takes()
        => Gen.String.Where(header => header.Length > 0).SampleRepeatably(header =>
        {
            var identifier = MergeFields.IdentifierOf(header);
            Assert.True(Template.TryParse("{{ " + identifier + " }}", ContentPart.Text, out var template, out var problem), problem?.Message);
            Assert.Equal([identifier], template.FieldNames);
            Assert.True(new MergeFields([header]).TryFind(identifier, out _));
        });

    [Fact]
    public void Address_and_name_are_there_unless_a_column_has_their_names()
    {
        var data = new MergeRow(new MergeFields(["NAME"]), ["from the file"], "anna@example.org", "Anna");
        Assert.Equal("anna@example.org", data["ADDRESS"]);
        Assert.Equal("anna@example.org", data["email"]);
        Assert.Equal("from the file", data["name"]);
        Assert.Equal("Anna", new MergeRow(new MergeFields([]), [], "anna@example.org", "Anna")["Name"]);
    }

    [Fact]
    public void Short_rows_and_nulls_count_as_empty()
    {
        var data = new MergeRow(new MergeFields(["a", "b"]), [null], "anna@example.org");
        Assert.Equal("", data["a"]);
        Assert.Equal("", data["b"]);
    }

    [Fact]
    public void Missing_columns_are_named()
        => Assert.Equal(["city"], new MergeFields(["first_name"]).MissingOf(["FIRST_NAME", "city", "unsubscribe_url", "address", "name", "email"]));

    [Theory]
    [InlineData("a\u0001L1\u0002b", "aL1b")]
    [InlineData("a\0b\u007Fc\u0085d", "abcd")]
    [InlineData("a\r\nb\rc\n", "a\nb\nc\n")]
    [InlineData("a\tb", "a\tb")]
    [InlineData("😀", "😀")]
    public void Control_characters_are_taken_out_of_values(string value, string clean) => Assert.Equal(clean, Data(("x", value))["x"]);

    [Fact]
    public void Half_a_character_becomes_a_replacement() => Assert.Equal("a\uFFFDb", Data(("x", "a" + (char)0xD83D + "b"))["x"]);

    [Fact]
    public void No_value_ever_holds_a_control_character()
        => Gen.String.SampleRepeatably(value => Assert.DoesNotContain(Data(("x", value))["x"], c => char.IsControl(c) && c is not ('\t' or '\n')));

    [Fact]
    public void Harmless_values_are_not_changed() => WireText.Any.SampleRepeatably(value => Assert.Equal(WireText.Lines(value), Data(("x", value))["x"]));

    private static MergeRow Data(params (string Name, string Value)[] fields)
        => new(new MergeFields([.. fields.Select(field => field.Name)]), [.. fields.Select(field => field.Value)], "anna@example.org");
}
