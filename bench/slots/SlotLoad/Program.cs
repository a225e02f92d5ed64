// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;
using Tutti.Mail.Composing;
using Tutti.Mail.Merging;

namespace Tutti.SlotLoad;

/// <summary>
/// How fast the values of a message are computed, on one thread, by its processor time: ours against the template engine
/// that renders the same expressions as one joined template. Both take turns, so that what else the machine does meets both.
/// </summary>
internal static class Program
{
    private const string PlainFields = "{{ first_name }} {{ last_name }} {{ city }} {{ customer }} {{ points }}";

    // Each differs from recipient to recipient, so none becomes static text.
    private static readonly string[] _expressions =
    [
        "{{ first_name | capitalize }}", "{{ last_name | upcase }}", "{{ city | default: 'your town' }}", "{{ points | times: 2 | plus: 5 }}",
        "{% if points > 500 %}gold{% else %}silver{% endif %}", "{{ joined | slice: 0, 4 }}", "{{ first_name | append: ' ' | append: last_name | truncate: 20 }}",
        "{{ customer | replace: '-', ' ' }}", "{% case city %}{% when 'Zürich' %}Grüezi{% when 'Wien' %}Servus{% else %}Hello{% endcase %}", "{{ points | divided_by: 7 | round: 2 }}",
    ];

    private static readonly string[] _columns = ["first_name", "last_name", "city", "customer", "points", "joined"];
    private static readonly DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static int Main(string[] arguments)
    {
        if (arguments is not [var mode, var number] || !int.TryParse(number, CultureInfo.InvariantCulture, out var recipients))
        {
            Console.Error.WriteLine("usage: SlotLoad plain|liquid RECIPIENTS");
            return 64;
        }

        var fields = new MergeFields(_columns);
        var rows = Rows(Math.Min(recipients, 10_000));
        var template = mode == "plain" ? PlainFields : string.Join(" - ", _expressions);
        var ours = PlanOf(template);
        var theirs = FluidOf(template);
        var options = new TemplateOptions { MaxSteps = 20_000, TimeZone = TimeZoneInfo.Utc };
        options.MemberAccessStrategy.IgnoreCasing = true;
        var encoder = HtmlEncoder.Create(UnicodeRanges.All);
        Check(ours, fields, theirs, options, encoder, rows);

        Action ourRound = () =>
        {
            for (var i = 0; i < recipients; i++)
            {
                Ours(ours, fields, rows[i % rows.Length]);
            }
        };
        Action theirRound = () =>
        {
            for (var i = 0; i < recipients; i++)
            {
                Theirs(theirs, options, encoder, rows[i % rows.Length]);
            }
        };
        var (our, their) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < 6; round++)
        {
            our = Math.Min(our, Seconds(ourRound));
            their = Math.Min(their, Seconds(theirRound));
        }

        Console.WriteLine(FormattableString.Invariant($"{recipients / our:0} {recipients / their:0} {Process.GetCurrentProcess().PeakWorkingSet64 / 1048576}"));
        return 0;
    }

    private static string[][] Rows(int count)
    {
        var random = new Random(1);
        string[] first = ["ada", "Jürgen", "μαρία", "Łucja", "O'Neil"], last = ["Lovelace", "Weiß & Söhne", "Παπαδοπούλου", "Nowak"], cities = ["Zürich", "Wien", "", "Graz"];
        return [.. Enumerable.Range(0, count).Select(i => new[]
        {
            first[random.Next(first.Length)], last[random.Next(last.Length)], cities[random.Next(cities.Length)],
            FormattableString.Invariant($"K-{i:00000}"), random.Next(1000).ToString(CultureInfo.InvariantCulture), FormattableString.Invariant($"20{random.Next(10, 26)}-05-06"),
        })];
    }

    private static ValuePlan PlanOf(string template) => CompiledMessage.TryCompile(
        new MessageSource { Subject = "News", FromAddress = "news@example.org", Html = $"<p>{template.Replace(" - ", "</p><p>", StringComparison.Ordinal)}</p>" }, out var message, out var problems)
        ? message.Plan
        : throw new InvalidOperationException(string.Join(' ', problems.Select(problem => problem.Message)));

    private static IFluidTemplate FluidOf(string template) => new FluidParser().TryParse(template, out var parsed, out var error) ? parsed : throw new InvalidOperationException(error);

    private static MergedValues Ours(ValuePlan plan, MergeFields fields, string[] row)
        => plan.TryCompute(new MergeRow(fields, row, "someone@example.org"), _now, out var values, out var problem) ? values : throw new InvalidOperationException(problem);

    private static string Theirs(IFluidTemplate template, TemplateOptions options, TextEncoder encoder, string[] row)
    {
        var context = new TemplateContext(options);
        for (var i = 0; i < row.Length; i++)
        {
            // As ours: what is empty counts as nothing, what looks like a number is compared as one.
            object? value = row[i].Length == 0 ? null : row[i];
            context.SetValue(_columns[i], _columns[i] == "points" ? decimal.Parse(row[i], CultureInfo.InvariantCulture) : value);
        }

        return template.Render(context, encoder);
    }

    // Whoever computes something else is not compared.
    private static void Check(ValuePlan plan, MergeFields fields, IFluidTemplate template, TemplateOptions options, TextEncoder encoder, string[][] rows)
    {
        foreach (var row in rows.Take(200))
        {
            var (ours, theirs) = (string.Concat(Ours(plan, fields, row).Values), Theirs(template, options, encoder, row));
            if (ours.Replace(" - ", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal) != theirs.Replace(" - ", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"Ours: {ours}; theirs: {theirs}");
            }
        }
    }

    private static double Seconds(Action round)
    {
        GC.Collect();
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        round();
        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
    }
}
