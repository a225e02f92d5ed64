// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Dst.Returns;
using Tutti.Dst.Returns.Rules;

namespace Tutti.Dst.Tests.Returns;

/// <summary>
/// Messages that came back: what a Postfix, an Exim and a Sympa really sent, and the forms of other servers and of people, written for these tests.
/// TOKEN stands for the signed word of recipient 3 of delivery 7.
/// </summary>
public sealed class BounceCorpusTests : IAsyncLifetime
{
    private readonly Store _store = Store.OnSqlite();
    private ReturnReading _reading = null!;

    public ValueTask InitializeAsync()
    {
        var keys = new ReturnKeys(_store.Database);
        keys.Note(Returning.Key);
        _reading = new ReturnReading(keys, BounceRulesFile.Shipped);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public void Every_message_is_what_it_is()
    {
        var samples = Samples().ToList();
        Assert.InRange(samples.Count, 58, int.MaxValue);
        Assert.All((string[])["Exim 4.96", "Sympa 6.2.70"], server => Assert.Equal(9, samples.Count(sample => sample.Name.StartsWith(server, StringComparison.Ordinal))));
        var wrong = samples
            .Select(sample => (sample.Name, Expected: sample.Says, Found: Describe(Read(sample, Returning.AddressOf(7, 3)))))
            .Where(each => each.Expected != each.Found)
            .ToList();
        Assert.Empty(wrong);
    }

    [Fact]
    public void A_message_that_comes_to_the_mailbox_for_complaints_is_led_back_by_what_it_holds()
    {
        var samples = Samples().Where(sample => sample.Says != "nothing" && sample.Text.Contains(Returning.Key.Seal(7, 3), StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.InRange(samples.Count, 10, int.MaxValue);
        Assert.All(samples, sample => Assert.Equal(new ReturnedTo(7, 3), Read(sample, $"fbl@{Returning.Domain}")?.To));

        var real = Samples().Where(sample => sample.Name.StartsWith("Postfix", StringComparison.Ordinal)).ToList();
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], real.Select(sample => Read(sample, $"fbl@{Returning.Domain}")!.To.Recipient).Order());
        Assert.Null(Read(new Sample("", "", real[0].Text.Replace("r-a", "r-b", StringComparison.Ordinal)), $"fbl@{Returning.Domain}"));
    }

    [Fact]
    public void The_servers_own_words_are_kept_in_one_line()
    {
        var gmail = Read(Samples().Single(sample => sample.Name.StartsWith("Gmail, its DSN", StringComparison.Ordinal)), Returning.AddressOf(7, 3))!;
        Assert.StartsWith("550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1", gmail.Reply, StringComparison.Ordinal);
        Assert.StartsWith("gmail-smtp-in.example.", gmail.Host, StringComparison.Ordinal);
        var qmail = Read(Samples().Single(sample => sample.Name == "qmail writes prose"), Returning.AddressOf(7, 3))!;
        Assert.StartsWith("Remote host said: 550 sorry, no mailbox here", qmail.Reply, StringComparison.Ordinal);
    }

    private ReturnFinding? Read(Sample sample, string recipient) =>
        _reading.Read(new UnreadReturn(1, "", recipient, Encoding.UTF8.GetBytes(sample.Text.ReplaceLineEndings("\r\n"))));

    private static string Describe(ReturnFinding? found) => found switch
    {
        null => "nothing",
        { What: CameBack.Bounced } => $"bounce {found.Class.ToString().ToLowerInvariant()}",
        { What: CameBack.Complained } => "complaint",
        _ => found.What.ToString(),
    };

    private static IEnumerable<Sample> Samples()
    {
        foreach (var name in typeof(BounceCorpusTests).Assembly.GetManifestResourceNames().Where(name => name.Contains(".Corpus.", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(typeof(BounceCorpusTests).Assembly.GetManifestResourceStream(name)!);
            foreach (var part in reader.ReadToEnd().Split("=== ", StringSplitOptions.RemoveEmptyEntries))
            {
                var head = part[..part.IndexOf('\n', StringComparison.Ordinal)].Split('|', 2);
                yield return new Sample(
                    head[1].Trim(), head[0].Trim(), part[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..].Replace("TOKEN", Returning.Key.Seal(7, 3), StringComparison.Ordinal));
            }
        }
    }

    private sealed record Sample(string Name, string Says, string Text);
}
