// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json;
using Tutti.Lui.Jobs;
using Tutti.Lui.Reports;
using Tutti.Lui.Reports.Signed;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Storage;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Tests.Reports.Signed;

/// <summary>A receipt that leaves the installation says who got what, adds up, and is verified by openssl with the published key.</summary>
public abstract class SignedReceiptSpec : WorldSpec
{
    private readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_recipient_has_a_line_and_the_sum_is_that_of_the_lines()
    {
        var job = await Delivered();
        World.Distributor.Return(job.Id, 5, Wire.CameBack.Bounced, Wire.BounceClass.Hard, "550 5.1.1 Nobody");
        await World.Settle();

        var lines = (await Write(job)).Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.Equal(12 + 3, lines.Count);
        Assert.Equal((job.Code, "completed", "tutti-receipt-1"), (Text(lines[0], "job"), Text(lines[0], "state"), Text(lines[0], "receipt")));
        Assert.Equal(Enumerable.Range(1, 12), lines[1..13].Select(line => line.GetProperty("id").GetInt32()));
        Assert.Equal(["in-doubt", "refused", "accepted"], lines[1..4].Select(line => Text(line, "fate")));
        Assert.Equal(("r1@rcpt.example", "mx.example", "scripted"), (Text(lines[1], "address"), Text(lines[1], "host"), Text(lines[1], "reply")));
        Assert.Equal("bounced hard 550 5.1.1 Nobody", Text(lines[5], "cameBack"));
        var receipt = await Receipt(job);
        Assert.Equal(
            (receipt.Planned, receipt.Accepted, receipt.Refused, receipt.InDoubt, receipt.Waiting, 1L),
            (Of(lines[13], "planned"), Of(lines[13], "accepted"), Of(lines[13], "refused"), Of(lines[13], "inDoubt"), Of(lines[13], "waiting"), Of(lines[13], "bounced")));
    }

    [Fact]
    public async Task Openssl_verifies_it_with_the_published_key_and_refuses_one_that_was_changed()
    {
        var job = await Delivered();
        var lines = await Write(job);
        await World.Restart();
        await File.WriteAllTextAsync(_folder.File("keys.pem"), string.Concat((await World.Lui.Get<ReceiptKeys>().All(Token)).Select(key => key.PublicKey)), Token);
        await File.WriteAllBytesAsync(_folder.File("signature"), Convert.FromBase64String(Text(JsonDocument.Parse(lines[^1]).RootElement, "signature")), Token);

        Assert.Equal("Verified OK", await Verify(string.Concat(lines[..^1].Select(line => line + "\n"))));
        Assert.NotEqual("Verified OK", await Verify(string.Concat(lines[..^1].Select(line => line.Replace("in-doubt", "accepted", StringComparison.Ordinal) + "\n"))));
    }

    [Fact]
    public async Task Before_it_has_begun_everybody_waits_and_a_second_receipt_has_the_same_key()
    {
        var job = await World.Lui.Authorized(3);

        var (first, second) = (await Write(job), await Write(job));

        Assert.Equal(3, Of(JsonDocument.Parse(first[^2]).RootElement, "waiting"));
        Assert.Equal(Text(JsonDocument.Parse(first[0]).RootElement, "key"), Text(JsonDocument.Parse(second[0]).RootElement, "key"));
        Assert.Single(await World.Lui.Get<ReceiptKeys>().All(Token));
    }

    private async Task<Job> Delivered()
    {
        World.Distributor.Judge = recipient => recipient.Id switch { 1 => Wire.Fate.InDoubt, 2 => Wire.Fate.Refused, _ => Wire.Fate.Accepted };
        var job = await World.Lui.Authorized(12);
        await World.Settle();
        return await World.Lui.Job(job.Id);
    }

    private async Task<string[]> Write(Job job)
    {
        var selection = (await World.Lui.Get<ListFates>().Find(new ListFates.Query(job.Id, null, 0, 0), Token)).Value;
        using var file = new MemoryStream();
        await World.Lui.Get<WriteSignedReceipt>().Handle(job, selection, file, Token);
        return System.Text.Encoding.UTF8.GetString(file.ToArray()).TrimEnd('\n').Split('\n');
    }

    private async Task<string> Verify(string text)
    {
        await File.WriteAllTextAsync(_folder.File("signed"), text, Token);
        using var openssl = Process.Start(new ProcessStartInfo("openssl", ["dgst", "-sha256", "-verify", _folder.File("keys.pem"), "-signature", _folder.File("signature"), _folder.File("signed")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = await openssl.StandardOutput.ReadToEndAsync(Token);
        await openssl.WaitForExitAsync(Token);
        return said.Trim();
    }

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString()!;

    private static long Of(JsonElement line, string name) => line.GetProperty(name).GetInt64();
}

public sealed class SignedReceiptOnSqlite : SignedReceiptSpec
{
    private readonly TemporaryFolder _data = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _data.Dispose();
    }

    private protected override Task<Database> CreateDatabase() => OnSqlite(_data);
}

public sealed class SignedReceiptOnPostgres(PostgresServer server) : SignedReceiptSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
