// SPDX-License-Identifier: Apache-2.0
namespace Tutti.System.Tests.Audiences;

/// <summary>The message that the tests send, and what each recipient must see in it.</summary>
public static class Letter
{
    public const string Subject = "A letter for {{ FIRSTNAME }}";

    public const string Sender = "The Example Society <news@society.example>";

    public const string Programme = "https://society.example/programme";
    public const string Patrons = "https://society.example/patrons";
    public const string Upgrade = "https://society.example/upgrade?from=letter&season=spring";
    public const string Account = "https://society.example/account";

    public const string Html =
        """
        <!DOCTYPE html>
        <html><head><title>Letter</title></head><body>
        <p>Dear {{ FIRSTNAME }} {{ LASTNAME }}, your code is {{ CODE }}.</p>
        <p><a href="https://society.example/programme">Programme</a></p>
        {% if PLAN == "pro" %}<p>Patrons <a href="https://society.example/patrons">dine here</a>.</p>
        {% else %}<p>Become <a href="https://society.example/upgrade?from=letter&amp;season=spring">a patron</a>.</p>{% endif %}
        <p><a href="https://society.example/account">Your account</a></p>
        </body></html>
        """;

    public const string Text =
        """
        Dear {{ FIRSTNAME }} {{ LASTNAME }}, your code is {{ CODE }}.

        Programme: https://society.example/programme
        {% if PLAN == "pro" %}Patrons dine here: https://society.example/patrons
        {% else %}Become a patron: https://society.example/upgrade?from=letter&season=spring
        {% endif %}
        Your account: https://society.example/account
        """;

    /// <summary>The link targets that this person's copy carries, in order.</summary>
    public static IReadOnlyList<string> TargetsFor(Person person) => [Programme, person.Plan == "pro" ? Patrons : Upgrade, Account];

    /// <summary>Writes the two bodies into a folder.</summary>
    public static async Task<(string Html, string Text)> Write(string folder)
    {
        var html = Path.Combine(folder, "letter.html");
        var text = Path.Combine(folder, "letter.txt");
        await File.WriteAllTextAsync(html, Html, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(text, Text, TestContext.Current.CancellationToken);
        return (html, text);
    }
}
