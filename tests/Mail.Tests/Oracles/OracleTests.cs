// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json;
using Tutti.Mail.Composing;
using Tutti.Mail.Dkim;
using Tutti.Mail.Links;
using Tutti.Mail.Tests.Composing;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Oracles;

/// <summary>
/// 200 messages that our composer makes from templates, signed by both algorithms, judged by programs that share nothing with us: opendkim and dkimpy
/// verify every signature, and Python's strict parser finds no defect and reads what was merged.
/// </summary>
public sealed class OracleTests : IDisposable
{
    private const int Count = 200;
    private const string Domain = "example.org";
    private readonly TemporaryFolder _folder = new();
    private readonly DkimKey _rsa = DkimKey.Create();
    private readonly DkimKey _curve = DkimKey.Create(DkimAlgorithm.Ed25519);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_message_of_the_corpus_is_sound_and_verified_by_others()
    {
        await Write();

        Assert.Equal([$"looked at {Count}"], await Python());

        // The Debian release knows RSA only, and passes over what it does not know.
        var said = await OpenDkim(Enumerable.Range(0, Count));
        Assert.Equal(Count, said.Split('\n').Count(line => line.Contains("verification", StringComparison.Ordinal) && line.Contains("succeeded", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_message_that_was_changed_is_refused_by_both()
    {
        await Write(count: 1);
        var file = _folder.File(Name(0));
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, Token)).Replace("plain words", "other words", StringComparison.Ordinal), Token);

        Assert.Contains($"{Name(0)}: dkimpy does not accept signature 1", await Python());
        Assert.DoesNotContain("succeeded", await OpenDkim([0]), StringComparison.Ordinal);
    }

    private async Task<string[]> Python() => (await Run("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Oracles", "oracle.py"), _folder.Path])).Split('\n');

    private async Task<string> OpenDkim(IEnumerable<int> messages)
    {
        await File.WriteAllTextAsync(_folder.File("opendkim.conf"), $"Mode v\nTestDNSData file:{_folder.File("dns")}\n", Token);
        return await Run("opendkim", ["-x", _folder.File("opendkim.conf"), "-v", "-t", string.Join(',', messages.Select(Name).Select(_folder.File))]);
    }

    private static string Name(int number) => $"message-{number:000}.eml";

    private async Task Write(int count = Count)
    {
        using var rsa = new DkimSigner(_rsa, Domain, "r1");
        using var curve = new DkimSigner(_curve, Domain, "e1");
        var (rsaRecord, curveRecord) = (DkimRecord.Of(_rsa, Domain, "r1"), DkimRecord.Of(_curve, Domain, "e1"));
        await File.WriteAllLinesAsync(_folder.File("records"), [$"{rsaRecord.Name}\t{rsaRecord.Text}", $"{curveRecord.Name}\t{curveRecord.Text}"], Token);
        await File.WriteAllTextAsync(_folder.File("dns"), $"{rsaRecord.Name} {rsaRecord.Text}\n{curveRecord.Name} {curveRecord.Text}\n", Token);
        var expected = new SortedDictionary<string, object>(StringComparer.Ordinal);
        for (var number = 0; number < count; number++)
        {
            var word = Scripts.Words[number % Scripts.Words.Length];
            var body = number % 4 == 3 ? Scripts.Long[number / 4 % Scripts.Long.Length] : Scripts.Words[(number * 7) % Scripts.Words.Length];
            var source = Template(number);
            var message = Campaign.Compile(source);
            var recipient = Campaign.Recipient(Campaign.Merge(message, ("word", word), ("body", body))) with { DisplayName = word };
            var bytes = Campaign.Bytes(Campaign.Composer(message, source.Tracking), recipient);
            await File.WriteAllBytesAsync(_folder.File(Name(number)), [.. DkimSigner.Sign([rsa, curve], bytes, TimeProvider.System.GetUtcNow()), .. bytes], Token);
            expected[Name(number)] = new
            {
                subject = Seen($"News for {word}: a subject of some length that has to be folded somewhere"),
                to = Seen(word),
                plain = source.Text is null ? null : body.Split('\n')[0],
                html = source.Html is null ? null : body.Split('\n')[0],
            };
        }

        await File.WriteAllTextAsync(_folder.File("expected.json"), JsonSerializer.Serialize(expected), Token);
    }

    private static MessageSource Template(int number) => Campaign.Source with
    {
        Subject = "News for {{ word }}: a subject of some length that has to be folded somewhere",
        FromName = Scripts.Words[(number * 3) % 20],
        Text = number % 3 == 1 ? null : "Dear {{ word }},\n\n{{ body }}\n\n.\n..\nhttps://example.org/a?b=c&d=e\nFrom us\n",
        Html = number % 3 == 2 ? null : "<html><body><h1>{{ word }}</h1><p>{{ body }}</p>{% if word == 'ñandú' %}<b>bird</b>{% endif %}<a href=\"https://example.org/a?b=c&amp;d=e\">more</a></body></html>",
        ListId = number % 2 == 0 ? "news.example.org" : null,
        FeedbackId = number % 5 == 0 ? "12:7:news:example" : null,
        ReplyTo = number % 4 == 0 ? "answers@example.org" : null,
        Tracking = number % 2 == 0 ? TrackingType.Personal : TrackingType.Blind,
    };

    /// <summary>What a reader of a header sees: control characters have no place there, and blanks in a row are one.</summary>
    private static string Seen(string text) => text.Replace('\t', ' ');

    private static async Task<string> Run(string program, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
        await process.WaitForExitAsync(Token);
        return (await output + await error).Trim();
    }
}
