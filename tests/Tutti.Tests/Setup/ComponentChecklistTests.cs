// SPDX-License-Identifier: Apache-2.0
using Tutti.Commands.Setup;

namespace Tutti.Commands.Tests.Setup;

public sealed class ComponentChecklistTests
{
    [Theory]
    [InlineData("24\r", "hub,dst")]
    [InlineData("4321\r", "lui,hub,trk,dst")]
    [InlineData("113\r", "trk")]
    [InlineData(" jj \r", "lui,trk")]
    [InlineData("k \r", "dst")]
    [InlineData("xyz3\r", "trk")]
    [Trait("Row", "C-1.1.2")]
    public void What_is_ticked_by_key_is_chosen_in_the_order_of_the_list(string keys, string chosen)
    {
        Assert.Equal(chosen.Split(','), Ask(keys, out var shown));
        Assert.Equal(4, shown.Split("[ ]").Length - 1 - CountLater(shown));
    }

    [Theory]
    [InlineData("\r", "There are lui, hub, trk, dst")]
    [InlineData("33\r", "There are lui, hub, trk, dst")]
    [InlineData("3\u001b", "Nothing was set up")]
    [Trait("Row", "C-1.1.2")]
    public void Nothing_ticked_or_given_up_ends_with_what_there_is(string keys, string words)
    {
        var complaint = Assert.Throws<Complaint>(() => Ask(keys, out _));

        Assert.Equal(ExitCode.Usage, complaint.Code);
        Assert.Contains(words, complaint.Message, StringComparison.Ordinal);
    }

    // Boxes of the drawings after the first one.
    private static int CountLater(string shown) => shown.IndexOf("\u001b[4A", StringComparison.Ordinal) is > 0 and var at ? shown[at..].Split("[ ]").Length - 1 : 0;

    private static List<string> Ask(string keys, out string shown)
    {
        var left = new Queue<char>(keys);
        using var output = new StringWriter();
        try
        {
            return new ComponentChecklist(() => Key(left.Dequeue()), output).Ask();
        }
        finally
        {
            shown = output.ToString();
        }
    }

    private static ConsoleKeyInfo Key(char character) => new(
        character,
        character switch { '\r' => ConsoleKey.Enter, ' ' => ConsoleKey.Spacebar, '\u001b' => ConsoleKey.Escape, _ => ConsoleKey.NoName },
        shift: false,
        alt: false,
        control: false);
}
