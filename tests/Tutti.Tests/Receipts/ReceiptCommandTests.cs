// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using Tutti.Testing;

namespace Tutti.Commands.Tests.Receipts;

/// <summary><c>tutti receipt verify</c>, on files that are signed here.</summary>
public sealed class ReceiptCommandTests : IDisposable
{
    private static readonly string[] _lines =
    [
        """{"receipt":"tutti-receipt-1","job":"261124A","title":"Spring","state":"completed","made":"2026-11-24T10:00:00+00:00","key":"0"}""",
        """{"id":1,"address":"a@rcpt.example","fate":"accepted"}""",
        """{"id":2,"address":"ä@rcpt.example","fate":"in-doubt"}""",
        """{"planned":2,"accepted":1,"refused":0,"expired":0,"suppressed":0,"withdrawn":0,"inDoubt":1,"waiting":0,"bounced":0,"complained":0}""",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _folder.Dispose();
        _key.Dispose();
    }

    [Fact]
    public async Task A_genuine_receipt_is_told_with_its_sum()
    {
        var (code, said) = await Verify(Signed(_lines));
        Assert.Equal(ExitCode.Done, code);
        Assert.EndsWith(
            "is genuine. 261124A \"Spring\", completed, as of 2026-11-24 10:00:00Z: planned 2 = accepted 1 + refused 0 + expired 0 + suppressed 0 + withdrawn 0 + in doubt 1 + waiting 0",
            said.Trim(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_key_in_the_file_verifies_too()
    {
        using var newer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (code, _) = await Verify(Signed(_lines), newer.ExportSubjectPublicKeyInfoPem() + "\n" + _key.ExportSubjectPublicKeyInfoPem());
        Assert.Equal(ExitCode.Done, code);
    }

    [Theory]
    [InlineData("in-doubt", "accepted", "the signature is not that of this key")]
    [InlineData("\"id\":2", "\"id\":1", "the signature is not that of this key")]
    public async Task A_changed_one_is_refused(string old, string now, string because)
    {
        var (code, said) = await Verify(Signed(_lines).Replace(old, now, StringComparison.Ordinal));
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains(because, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_was_cut_off_is_refused() => Assert.Contains("its last line is no signature", (await Verify(string.Join('\n', _lines) + "\n")).Said, StringComparison.Ordinal);

    [Fact]
    public async Task One_whose_sum_is_not_that_of_its_lines_is_refused_though_the_signature_is_right() =>
        Assert.Contains("its sum is not that of its lines", (await Verify(Signed([_lines[0], _lines[1], _lines[3]]))).Said, StringComparison.Ordinal);

    [Fact]
    public async Task One_that_names_somebody_twice_is_refused() =>
        Assert.Contains("line 3 names a recipient out of order or twice", (await Verify(Signed([_lines[0], _lines[1], _lines[1], _lines[3]]))).Said, StringComparison.Ordinal);

    [Fact]
    public async Task Another_installations_key_is_refused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Contains("another installation made it", (await Verify(Signed(_lines), other.ExportSubjectPublicKeyInfoPem())).Said, StringComparison.Ordinal);
        Assert.Contains("no public key", (await Verify(Signed(_lines), "nothing")).Said, StringComparison.Ordinal);
    }

    private string Signed(string[] lines)
    {
        var text = string.Concat(lines.Select(line => line + "\n"));
        return $"{text}{{\"signature\":\"{Convert.ToBase64String(_key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))}\"}}\n";
    }

    private async Task<(int Code, string Said)> Verify(string text, string? key = null)
    {
        var (file, keys) = (_folder.File("receipt.jsonl"), _folder.File("keys.pem"));
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(keys, key ?? _key.ExportSubjectPublicKeyInfoPem(), TestContext.Current.CancellationToken);
        await using var output = new StringWriter();
        var code = await CommandLine.Run(["receipt", "verify", file, "--key", keys], output, output);
        return (code, output.ToString());
    }
}
