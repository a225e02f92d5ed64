// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Commands.Setup;

/// <summary>The text of a component's new ini file.</summary>
internal static class ComponentIni
{
    /// <summary>The file with the entries that were asked for; everything else has its default.</summary>
    public static string Text(string component, IEnumerable<Assignment> assignments)
    {
        var text = new IniText().Comment(Purpose(component)
            + "\nA key that is not here has its default. A change takes effect when the component is started again."
            + "\nWrite Key=Value; a backslash is written twice.");
        foreach (var assignment in assignments)
        {
            text.Blank().Set(assignment.Key, assignment.Value);
        }

        return text.ToString();
    }

    private static string Purpose(string component) => component switch
    {
        "lui" => "User Interface: jobs, recipients, content, reports.",
        "hub" => "Administration Hub: accounts, keys, the register of components.",
        "trk" => "Tracker: opens, clicks and unsubscribes of recipients.",
        "dst" => "Distributor: queue and delivery of mail.",
        _ => throw new ArgumentOutOfRangeException(nameof(component), component, null),
    };
}
