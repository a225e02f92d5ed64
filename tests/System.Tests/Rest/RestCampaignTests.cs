// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Recomputing;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.Rest;

/// <summary>A program of one's own drives a campaign through every step over REST, and what arrives is signed with the key that <c>tutti dkim create</c> printed.</summary>
public sealed partial class RestCampaignTests : SystemTest
{
    private const string Recipients = "EMAIL,FIRSTNAME\nanna@guests.example,Anna\nben@guests.example,Ben\nno address,Carl\nanna@guests.example,Again\ndora@guests.example,Dora\n";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_program_walks_through_every_step_and_the_mail_is_signed()
    {
        var outside = Own(new RecordingSmtpServer((address, _) => address.StartsWith("ben", StringComparison.Ordinal) ? Behaviour.RefuseAddress : Behaviour.Accept));
        var installation = Own(await Installation.SetUp(separate: false, CampaignRun.Settings(outside, connections: 2)));
        var record = (await installation.Command("dkim", "create", "--domain", "society.example")).Expect(0).LastLine;
        await installation.Start();
        await installation.CreateToken();
        using var rest = new RestClient(installation);

        var job = Text(await rest.Send(HttpMethod.Post, "jobs", new { title = "By program" }), "job");
        await rest.Send(HttpMethod.Post, $"jobs/{job}/recipients?fileName=guests.csv", Recipients);
        await Until(rest, $"jobs/{job}/recipients", source => Text(source, "state") == "ready");
        Assert.Contains("no address", await rest.Text($"jobs/{job}/recipients/invalid.csv"), StringComparison.Ordinal);
        Assert.Contains("Again", await rest.Text($"jobs/{job}/recipients/duplicates.csv"), StringComparison.Ordinal);
        await rest.Send(HttpMethod.Put, $"jobs/{job}/content", new { subject = "For {{ FIRSTNAME }}", html = "<p>Dear {{ FIRSTNAME }}, <a href=\"https://society.example/in\">come in</a>.</p>", text = "Dear {{ FIRSTNAME }}, come in." });
        Assert.Equal("For {{ FIRSTNAME }}", Text(await rest.Get($"jobs/{job}/content"), "subject"));
        Assert.Contains("Dear Anna", (await rest.Get($"jobs/{job}/preview")).GetRawText(), StringComparison.Ordinal);
        Assert.Contains("https://society.example/in", (await rest.Get($"jobs/{job}/links")).GetRawText(), StringComparison.Ordinal);
        await rest.Send(HttpMethod.Put, $"jobs/{job}/tracking", new { type = "blind" });
        await rest.Send(HttpMethod.Put, $"jobs/{job}/sender", new { name = "The Example Society", address = "news@society.example" });

        // Right after the start HUB may not have found everybody yet.
        await Until(rest, "trackers", trackers => trackers.EnumerateArray().Any(tracker => Text(tracker, "publicUrl").Length > 0));
        await rest.Send(HttpMethod.Post, $"jobs/{job}/test", new { addresses = new[] { "colleague@society.example" } });
        await Until(rest, $"jobs/{job}/test", tests => tests.GetRawText().Contains("accepted", StringComparison.Ordinal));
        await rest.Send(HttpMethod.Post, $"jobs/{job}/test/accept");
        await rest.Send(HttpMethod.Put, $"jobs/{job}/schedule", new { at = (string?)null });
        await rest.Refused(HttpMethod.Post, $"jobs/{job}/authorize", "preflight.asks");
        Assert.True((await rest.Send(HttpMethod.Post, $"jobs/{job}/preflight/ticks")).GetProperty("current").GetBoolean());
        await rest.Send(HttpMethod.Post, $"jobs/{job}/authorize");
        await Until(rest, $"jobs/{job}/receipt", receipt => Receipt.Read(receipt.GetRawText()) is { State: "completed", Waiting: 0 });

        Assert.Equal(new Receipt(job, "completed", 3, 2, 1, 0, 0, 0, 0, 0), Receipt.Read((await rest.Get($"jobs/{job}/receipt")).GetRawText()));
        Assert.Equal(["accepted", "refused", "accepted"], (await rest.Get($"jobs/{job}/fates")).GetProperty("recipients").EnumerateArray().Select(one => Text(one, "fate")));
        Assert.Equal(["ben@guests.example"], (await rest.Get($"jobs/{job}/fates?fate=refused")).GetProperty("recipients").EnumerateArray().Select(one => Text(one, "address")));
        Assert.Contains("dora@guests.example", await rest.Text($"jobs/{job}/recipients.csv"), StringComparison.Ordinal);

        // Blind tracking counts nobody twice because it knows nobody.
        Assert.Equal(JsonValueKind.Null, (await rest.Get($"jobs/{job}/report")).GetProperty("opens").GetProperty("recipients").ValueKind);
        Assert.Equal(3, (await rest.Get($"jobs/{job}/progress")).GetProperty("receipt").GetProperty("planned").GetInt64());
        Assert.Equal(3, outside.Messages.Count);
        Assert.All(outside.Messages, message => Assert.True(IsSigned(message.Raw, record)));
    }

    private static bool IsSigned(byte[] raw, string record)
    {
        var message = MimeMessage.Load(new MemoryStream(raw));
        var signature = Assert.Single(message.Headers, header => header.Id == HeaderId.DkimSignature);
        return new DkimVerifier(new PrintedRecord(record)).Verify(FormatOptions.Default, message, signature);
    }

    private static async Task Until(RestClient rest, string path, Func<JsonElement, bool> isThere)
    {
        JsonElement last = default;
        await Waiting.Until(async () => isThere(last = await rest.Get(path)), _patience, () => $"{path} stays {last.GetRawText()}");
    }

    private static string Text(JsonElement document, string name) => document.GetProperty(name).GetString() ?? "";

    /// <summary>A DNS that knows the one record that was printed for its zone file.</summary>
    private sealed partial class PrintedRecord(string line) : IDkimPublicKeyLocator
    {
        public AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancellationToken = default)
        {
            Assert.StartsWith($"{selector}._domainkey.{domain}. IN TXT ( ", line, StringComparison.Ordinal);
            var text = new StringBuilder();
            foreach (Match part in Quoted().Matches(line))
            {
                text.Append(part.Groups[1].Value);
            }

            var tags = text.ToString().Split(';', StringSplitOptions.TrimEntries).Select(tag => tag.Split('=', 2)).ToDictionary(tag => tag[0], tag => tag[^1]);
            Assert.Equal(("DKIM1", "rsa"), (tags["v"], tags["k"]));
            return PublicKeyFactory.CreateKey(Convert.FromBase64String(tags["p"]));
        }

        public Task<AsymmetricKeyParameter> LocatePublicKeyAsync(string methods, string domain, string selector, CancellationToken cancellationToken = default)
            => Task.FromResult(LocatePublicKey(methods, domain, selector, cancellationToken));

        [GeneratedRegex("\"([^\"]*)\"")]
        private static partial Regex Quoted();
    }
}
