// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Commands.Setup;

/// <summary>Asks at a terminal which components a server gets: a list in which keys tick, nothing ticked beforehand.</summary>
internal sealed class ComponentChecklist(Func<ConsoleKeyInfo> read, TextWriter output)
{
    private static readonly (string Name, string Purpose)[] _choices =
    [
        ("lui", "User Interface: mail jobs, recipients, content, reports"),
        ("hub", "Administration Hub: accounts, registry of the servers"),
        ("trk", "Tracker: opens, clicks, unsubscribes from the internet"),
        ("dst", "Distributor: delivers the mail"),
    ];

    /// <summary>The ticked components in the order of the list.</summary>
    /// <exception cref="Complaint">Nothing was ticked, or people gave up.</exception>
    public List<string> Ask()
    {
        output.WriteLine("Which components does this server get? Those that are not ticked stay out; they may run elsewhere or be added later.");
        output.WriteLine("Arrow keys move, space or the number ticks, Enter goes on, Escape gives up.");
        var ticked = new bool[_choices.Length];
        var at = 0;
        Draw(ticked, at);
        while (true)
        {
            var key = read();
            switch (key)
            {
                case { Key: ConsoleKey.UpArrow } or { KeyChar: 'k' }:
                    at = (at + _choices.Length - 1) % _choices.Length;
                    break;
                case { Key: ConsoleKey.DownArrow or ConsoleKey.Tab } or { KeyChar: 'j' }:
                    at = (at + 1) % _choices.Length;
                    break;
                case { Key: ConsoleKey.Spacebar } or { KeyChar: ' ' }:
                    ticked[at] = !ticked[at];
                    break;
                case { KeyChar: >= '1' and <= '4' }:
                    at = key.KeyChar - '1';
                    ticked[at] = !ticked[at];
                    break;
                case { Key: ConsoleKey.Escape }:
                    throw new Complaint(ExitCode.Usage, "Nothing was set up.");
                case { Key: ConsoleKey.Enter } or { KeyChar: '\r' or '\n' }:
                    return Chosen(ticked);
                default:
                    continue;
            }

            // Back over the list, to write it anew.
            output.Write($"\u001b[{_choices.Length}A");
            Draw(ticked, at);
        }
    }

    private static List<string> Chosen(bool[] ticked)
    {
        List<string> chosen = [.. _choices.Where((_, i) => ticked[i]).Select(choice => choice.Name)];
        return chosen.Count > 0
            ? chosen
            : throw new Complaint(ExitCode.Usage, $"Nothing was ticked, so nothing was set up. There are {string.Join(", ", _choices.Select(choice => choice.Name))}.");
    }

    private void Draw(bool[] ticked, int at)
    {
        for (var i = 0; i < _choices.Length; i++)
        {
            output.Write($"\r\u001b[K{(i == at ? '>' : ' ')} {i + 1} [{(ticked[i] ? 'x' : ' ')}] {_choices[i].Name}  {_choices[i].Purpose}\n");
        }

        output.Flush();
    }
}
