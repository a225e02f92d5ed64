// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Tutti.Testing;

namespace Tutti.Wiring.Tests.Corridor;

/// <summary>What another implementation of TLS sees: versions, suites, chains, resumption.</summary>
public sealed class OpenSslTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    [Trait("Row", "B-8")]
    [Trait("Row", "C-2.2.0.4")]
    public async Task Exactly_tls_1_2_and_1_3_are_spoken()
    {
        await using var server = await _world.Secure().Start();
        foreach (var port in (int[])[server.InternalPort, server.TrackerPort])
        {
            Assert.Contains("TLSv1.3", await Client(port, "-tls1_3"), StringComparison.Ordinal);
            Assert.Contains("TLSv1.2", await Client(port, "-tls1_2"), StringComparison.Ordinal);
            await Client(port, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0");
            await _world.Logged($"Connection refused [tls.protocol] port={port} peer=127.0.0.1:");
        }
    }

    [Theory]
    [Trait("Row", "B-9")]
    [InlineData("ec256", "ECDSA")]
    [InlineData("rsa2048", "RSA")]
    public async Task The_suites_are_exactly_these(string keyType, string kind)
    {
        await using var server = await _world.Secure(_world.Authority.Issue(new TestCertificate(World.Own) { KeyType = keyType })).Start();
        List<string> accepted = [];
        string[] offered =
        [
            $"ECDHE-{kind}-AES256-GCM-SHA384", $"ECDHE-{kind}-AES128-GCM-SHA256", $"ECDHE-{kind}-CHACHA20-POLY1305",
            $"ECDHE-{kind}-AES256-SHA384", $"ECDHE-{kind}-AES128-SHA256", $"ECDHE-{kind}-AES128-SHA", "AES256-GCM-SHA384", "AES128-SHA",
        ];
        foreach (var suite in offered)
        {
            if ((await Client(server.InternalPort, "-tls1_2", "-cipher", suite)).Contains($"Cipher is {suite}", StringComparison.Ordinal))
            {
                accepted.Add(suite);
            }
        }

        Assert.Equal(offered.Take(3), accepted);
        await _world.Logged("Connection refused [tls.cipher]");
        foreach (var suite in (string[])["TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"])
        {
            Assert.Contains($"Cipher is {suite}", await Client(server.InternalPort, "-tls1_3", "-ciphersuites", suite), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("Cipher is TLS_AES_128_CCM", await Client(server.InternalPort, "-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256"), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Row", "B-11")]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task No_session_is_resumed(string version)
    {
        await using var server = await _world.Secure().Start();
        var session = Path.Combine(_world.Home.Path, "session");
        var first = await Client(server.InternalPort, version, "-sess_out", session);
        var second = File.Exists(session) ? await Client(server.InternalPort, version, "-sess_in", session) : await Client(server.InternalPort, version);

        // OpenSSL may hand out a ticket in TLS 1.3 all the same; what counts is that it opens nothing.
        Assert.Contains("New, ", first, StringComparison.Ordinal);
        Assert.Contains("New, ", second, StringComparison.Ordinal);
        Assert.DoesNotContain("Reused", first + second, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-2.2.0.2")]
    public async Task The_own_chain_is_sent_without_its_root()
    {
        await using var server = await _world.Secure(_world.Authority.Intermediate("Int").Issue(new TestCertificate(World.Own))).Start();

        var shown = await Client(server.TrackerPort, "-showcerts");
        Assert.Equal(2, shown.Split("-----BEGIN CERTIFICATE-----").Length - 1);
        Assert.Contains("Verify return code: 0", await Client(server.TrackerPort, "-CAfile", Write("root.pem", _world.Authority.Root.ExportCertificatePem())), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "B-21")]
    public async Task A_weak_key_is_refused_although_the_callers_tls_allows_it()
    {
        await using var server = await _world.Secure().Start();
        await Client(server.InternalPort, _world.Authority.Issue(new TestCertificate(World.Other) { KeyType = "rsa1024" }), "-cipher", "DEFAULT@SECLEVEL=0");
        await _world.Logged("Connection refused [tls.weak]", "1024");
        Assert.Contains("Cipher is", await Client(server.InternalPort), StringComparison.Ordinal);
    }

    private Task<string> Client(int port, params string[] options) => Client(port, _world.Good(), options);

    private async Task<string> Client(int port, IssuedCertificate certificate, params string[] options)
    {
        var key = certificate.Certificate.GetECDsaPrivateKey()?.ExportPkcs8PrivateKeyPem() ?? certificate.Certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem();
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(
                "openssl",
                ["s_client", "-connect", $"127.0.0.1:{port}", "-servername", World.Own, "-alpn", "h2", "-cert", Write("client.pem", certificate.Certificate.ExportCertificatePem()), "-key", Write("client.key", key), .. options])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.Start();
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await output + await error;
    }

    private string Write(string name, string text)
    {
        _world.Write(name, text);
        return Path.Combine(_world.Home.Path, name);
    }
}
