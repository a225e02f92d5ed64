// SPDX-License-Identifier: Apache-2.0
using System.Xml.Linq;

namespace Tutti.Architecture.Tests;

public sealed class RoomsTests
{
    private static readonly Dictionary<string, string[]> _mayUse = new()
    {
        ["Contracts"] = [],
        ["Wiring"] = ["Contracts"],
        ["Mail"] = [],
        ["Frame"] = [],
        ["Lui"] = ["Frame", "Wiring", "Contracts", "Mail"],
        ["Hub"] = ["Frame", "Wiring", "Contracts"],
        ["Trk"] = ["Wiring", "Contracts", "Mail"],
        ["Dst"] = ["Wiring", "Contracts", "Mail"],
        ["Tutti"] = ["Contracts", "Dst", "Frame", "Hub", "Lui", "Mail", "Trk", "Wiring"],
    };

    public static TheoryData<string> Rooms => [.. _mayUse.Keys];

    [Fact]
    public void Every_room_is_known() =>
        Assert.Equal(_mayUse.Keys.Order(), Tree.Files("src", ".csproj").Select(file => Path.GetFileNameWithoutExtension(file)!).Order());

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_uses_only_what_it_may(string room)
    {
        var project = XDocument.Parse(Tree.Text($"src/{room}/{room}.csproj"));
        var used = project.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!)).ToList();

        Assert.Empty(used.Except(_mayUse[room]));
    }

    [Fact]
    public void Mail_is_pure()
    {
        string[] forbidden = ["System.Net.Sockets", "System.Net.Http", "Microsoft.AspNetCore", "File.", "Directory.", "DbConnection"];
        var files = Tree.Files("src/Mail", ".cs");

        Assert.NotEmpty(files);
        Assert.Empty(files.Where(file => forbidden.Any(word => Tree.Text(file).Contains(word, StringComparison.Ordinal))));
    }
}
