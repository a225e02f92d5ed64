// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.System.Tests.Receiving;

namespace Tutti.System.Tests.Audiences;

/// <summary>Made-up recipients, the same for the same seed: names with accents and commas, many domains, and a share that gives trouble.</summary>
public sealed class Audience
{
    private static readonly string[] _firstNames = ["Anna", "Björn", "Chloé", "Dominik", "Éva", "Fabio", "Grażyna", "Henry", "Ιωάννα", "Jane \"JJ\"", "Kåre", "Łukasz"];
    private static readonly string[] _lastNames = ["Smith", "Müller", "O'Hara", "Peña, Jr.", "García Márquez", "de Wit", "Søndergaard", "Nowák", "Παππάς", "=Formula", "Weiß", "Li"];
    private static readonly string[] _plans = ["free", "free", "plus", "pro"];
    private readonly Dictionary<string, Person> _byAddress;

    private Audience(IReadOnlyList<Person> people)
    {
        People = people;
        _byAddress = people.ToDictionary(person => person.Address, StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<Person> People { get; }

    /// <summary>Makes recipients.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The same seed gives the same people.</param>
    /// <param name="troubled">Share whose server refuses, defers or drops, 0 to 1.</param>
    public static Audience Make(int count, int seed, double troubled = 0.08)
    {
        var random = new Random(seed);
        var people = new List<Person>(count);
        for (var number = 1; number <= count; number++)
        {
            var domain = $"d{random.Next(60)}.example";
            people.Add(new Person(
                number,
                $"r{number}.{random.Next(1000)}@{domain}",
                _firstNames[random.Next(_firstNames.Length)],
                _lastNames[random.Next(_lastNames.Length)],
                _plans[random.Next(_plans.Length)],
                random.NextDouble() < troubled ? Trouble(random) : []));
        }

        return new Audience(people);
    }

    public bool Has(string address) => _byAddress.ContainsKey(address);

    public Person this[string address] => _byAddress[address];

    /// <summary>For <see cref="RecordingSmtpServer"/>.</summary>
    public Behaviour Behave(string address, int attempt) => _byAddress.TryGetValue(address, out var person) ? person.At(attempt) : Behaviour.Accept;

    /// <summary>Writes the recipients file: every field quoted as RFC 4180 has it.</summary>
    public async Task Write(string path)
    {
        var text = new StringBuilder("EMAIL,FIRSTNAME,LASTNAME,PLAN,CODE\r\n");
        foreach (var person in People)
        {
            text.AppendJoin(',', new[] { person.Address, person.FirstName, person.LastName, person.Plan, $"code-{person.Number}" }.Select(Quote)).Append("\r\n");
        }

        await File.WriteAllTextAsync(path, text.ToString(), new UTF8Encoding(false), TestContext.Current.CancellationToken);
    }

    private static string Quote(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static Behaviour[] Trouble(Random random) => random.Next(10) switch
    {
        0 or 1 => [Behaviour.RefuseAddress],
        2 => [Behaviour.RefuseMessage],
        3 or 4 => [Behaviour.DeferAddress],
        5 => [Behaviour.DeferMessage],
        6 => [Behaviour.DeferAddress, Behaviour.RefuseAddress],
        7 => [Behaviour.DropBeforeTerminator],
        8 => [Behaviour.DropBeforeTerminator, Behaviour.DeferMessage],
        _ => [Behaviour.DropAfterTerminator],
    };
}
