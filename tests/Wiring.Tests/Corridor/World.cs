// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Tutti.Testing;
using Tutti.Testing.Server;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Wiring.Tests.Corridor;

/// <summary>An installation for tests of the corridor: an authority, homes of servers, and peers that are no servers of ours.</summary>
internal sealed class World : IDisposable
{
    public const string Password = "keystore password";
    public const string Own = "trk.tutti.test";
    public const string Other = "ui.tutti.test";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder _folder = new();

    public TestAuthority Authority { get; } = new("CA A");

    public HomeFolder Home => new(_folder.Path);

    public string Keystore => _folder.File("own.p12");

    /// <summary>A certificate that the servers of this installation accept.</summary>
    public IssuedCertificate Good(string name = Other) => Authority.Issue(new TestCertificate(name));

    /// <summary>Writes everything that makes a server secured.</summary>
    public World Secure(IssuedCertificate? own = null, string list = $"{Own},{Other}", params X509Certificate2[] roots)
    {
        WriteKeystore((own ?? Good(Own)).ToKeystore(Password));
        WriteRoots(roots is [] ? [Authority.Root] : roots);
        WriteIni(list);
        return this;
    }

    public void WriteIni(string list = $"{Own},{Other}", string? password = null) =>
        Write("commands/ssl.ini", $"SSLAllowedClients={list}\nSSLKeystorePath={Keystore}\nSSLKeystorePassword={password ?? Password}\n");

    public void WriteKeystore(byte[] content) => WriteBytes("own.p12", content);

    public void WriteRoots(params X509Certificate2[] roots) => WriteBytes("conf/trusted-roots.p12", IssuedCertificate.TrustedRoots("changeit", roots));

    public void Write(string path, string text) => WriteBytes(path, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Replaces a file by a rename, as careful tools do.</summary>
    public void WriteBytes(string path, byte[] content)
    {
        var file = _folder.File(path);
        if (!Directory.Exists(Path.GetDirectoryName(file)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!, (UnixFileMode)0b111_000_000);
        }

        File.WriteAllBytes(file + ".new", content);
        File.SetUnixFileMode(file + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(file + ".new", file, overwrite: true);
    }

    public void Delete(string path) => File.Delete(_folder.File(path));

    public Task<TestServer> Start(TimeProvider? clock = null, params string[] settings) => TestServer.Start(
        [ComponentType.Of<CountingPart>()], [("server", $"HostName={Own}"), .. settings.Select(line => ("server", line))], clock, Home);

    /// <summary>The line of the server's log that holds these words, as soon as it is there.</summary>
    public async Task<string> Logged(params string[] words)
    {
        var deadline = TimeProvider.System.GetUtcNow() + _patience;
        while (true)
        {
            var lines = LogLines();
            if (lines.FirstOrDefault(line => words.All(word => line.Contains(word, StringComparison.Ordinal))) is { } found)
            {
                return found;
            }

            Assert.True(TimeProvider.System.GetUtcNow() < deadline, $"Not logged: {string.Join(" … ", words)}\n{string.Join('\n', lines)}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public string[] LogLines(string path = "logs/server.log")
    {
        var file = _folder.File(path);
        if (!File.Exists(file))
        {
            return [];
        }

        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Waits until something holds.</summary>
    public static Task Until(Func<bool> holds, string what) => Until(() => Task.FromResult(holds()), what);

    /// <inheritdoc cref="Until(Func{bool}, string)"/>
    public static async Task Until(Func<Task<bool>> holds, string what)
    {
        var deadline = TimeProvider.System.GetUtcNow() + _patience;
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, what);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A client as another server would be one, but made of the framework alone.</summary>
    public static HttpClient Caller(IssuedCertificate? certificate, int port, string name = Own, SslProtocols protocols = SslProtocols.None, bool withChain = true, List<X509Certificate2>? seen = null)
    {
        var context = certificate is null ? null : SslStreamCertificateContext.Create(certificate.Certificate, withChain ? [.. certificate.Intermediates] : [], offline: true);
        return new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
                await stream.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions
                    {
                        TargetHost = name,
                        EnabledSslProtocols = protocols,
                        ClientCertificateContext = context,
                        ApplicationProtocols = [SslApplicationProtocol.Http2],
                        RemoteCertificateValidationCallback = (_, shown, chain, _) =>
                        {
                            seen?.Clear();
                            seen?.Add(X509CertificateLoader.LoadCertificate(shown!.GetRawCertData()));
                            seen?.AddRange(chain!.ChainPolicy.ExtraStore.Select(each => X509CertificateLoader.LoadCertificate(each.RawData)));
                            return true;
                        },
                    },
                    cancellationToken);
                return stream;
            },
        })
        {
            BaseAddress = new UriBuilder("https", name, port).Uri,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    /// <summary>One call that is served, so that a dead listener cannot pass for a refusal.</summary>
    public static async Task AssertServed(HttpClient caller)
    {
        try
        {
            Assert.Equal("served", await Call(caller));
        }
        catch (HttpRequestException crossed) when (crossed.InnerException is HttpProtocolException { ErrorCode: 0 })
        {
            // It met a connection that was just ending in good order; such a request was not looked at, and is sent again (RFC 9113, section 6.8).
            Assert.Equal("served", await Call(caller));
        }
    }

    public static async Task AssertRefused(HttpClient caller) =>
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Call(caller));

    private static Task<string> Call(HttpClient caller) => caller.GetStringAsync(new Uri("/tutti.trk.v1.Test/Call", UriKind.Relative), TestContext.Current.CancellationToken);
}
