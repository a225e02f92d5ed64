// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Returns.Mailboxes;

/// <summary>A real Dovecot with a folder and ports of its own and one mailbox, as root or not.</summary>
internal sealed class DovecotServer : IAsyncDisposable
{
    public const string Password = "correct-horse";
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;
    private int _delivered;

    private DovecotServer(TestAuthority authority, string group)
    {
        var issued = authority.Issue(new TestCertificate("localhost"));
        using var key = issued.Certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(_folder.File("cert.pem"), issued.ToPem());
        File.WriteAllText(_folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(_folder.File("roots.pem"), authority.Root.ExportCertificatePem());
        foreach (var name in new[] { "run", "mail", "mail/new", "mail/cur", "mail/tmp" })
        {
            Directory.CreateDirectory(_folder.File(name));
        }

        var isRoot = Environment.UserName == "root";
        if (isRoot)
        {
            // Dovecot reads mail as nobody then, and nobody must get into the folder.
            File.SetUnixFileMode(_folder.Path, (UnixFileMode)Convert.ToInt32("755", 8));
            Process.Start("chown", ["-R", "nobody", _folder.File("mail")])!.WaitForExit();
        }

        File.WriteAllText(_folder.File("dovecot.conf"), Configuration(isRoot, group));
        _process = Process.Start(new ProcessStartInfo("/usr/sbin/dovecot", ["-F", "-c", _folder.File("dovecot.conf")]))!;
    }

    public int PlainPort { get; } = FreePort.Next();

    public int TlsPort { get; } = FreePort.Next();

    /// <summary>PEM file with the authority of its certificate, which is for localhost.</summary>
    public string Roots => _folder.File("roots.pem");

    public static async Task<DovecotServer> Start()
    {
        var server = new DovecotServer(new TestAuthority(), Environment.UserName == "root" ? "nogroup" : (await Tool.Run("id", "-gn")).Trim());
        while (true)
        {
            Assert.False(server._process.HasExited, "Dovecot did not start. Run ./test, which installs it, or: apt-get install dovecot-imapd");
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", server.PlainPort, TestContext.Current.CancellationToken);
                return server;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Puts a message into the mailbox as a delivery agent does.</summary>
    public void Deliver(string message)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"17960000{++_delivered:00}.M{_delivered}P1.host");
        File.WriteAllText(_folder.File($"mail/tmp/{name}"), message.ReplaceLineEndings("\n"), new UTF8Encoding(false));
        File.SetUnixFileMode(_folder.File($"mail/tmp/{name}"), (UnixFileMode)Convert.ToInt32("666", 8));
        if (Environment.UserName == "root")
        {
            Process.Start("chown", ["nobody", _folder.File($"mail/tmp/{name}")])!.WaitForExit();
        }

        File.Move(_folder.File($"mail/tmp/{name}"), _folder.File($"mail/new/{name}"));
    }

    /// <summary>Loses all numbers, as a restored mailbox does: UIDVALIDITY is another one.</summary>
    public void NumberAnew()
    {
        foreach (var file in Directory.EnumerateFiles(_folder.File("mail"), "dovecot*"))
        {
            File.Delete(file);
        }

        // It takes the second of its making; a number that was there before would not be another one.
        File.WriteAllText(_folder.File("mail/dovecot-uidvalidity"), "7fffff00");
        File.WriteAllText(_folder.File("mail/dovecot-uidvalidity.7fffff00"), "");
    }

    /// <summary>The flags of the messages that are there, by their files.</summary>
    public IReadOnlyList<string> Flags() =>
        [.. new[] { "new", "cur" }.SelectMany(name => Directory.EnumerateFiles(_folder.File("mail/" + name))).Select(file => file.Split(":2,").ElementAtOrDefault(1) ?? "")];

    public async ValueTask DisposeAsync()
    {
        using (var stop = Process.Start("kill", [_process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await stop.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private string Configuration(bool isRoot, string group) => $$"""
        protocols = imap
        listen = 127.0.0.1
        base_dir = {{_folder.File("run")}}
        state_dir = {{_folder.File("run")}}
        log_path = {{_folder.File("log")}}
        ssl = yes
        ssl_cert = <{{_folder.File("cert.pem")}}
        ssl_key = <{{_folder.File("key.pem")}}
        disable_plaintext_auth = no
        first_valid_uid = 1
        mail_location = maildir:{{_folder.File("mail")}}
        service imap-login {
          chroot =
          inet_listener imap {
            port = {{PlainPort}}
          }
          inet_listener imaps {
            port = {{TlsPort}}
            ssl = yes
          }
        }
        service anvil {
          chroot =
        }
        service stats {
          chroot =
        }
        passdb {
          driver = static
          args = password={{Password}}
        }
        userdb {
          driver = static
          args = uid={{(isRoot ? "nobody" : Environment.UserName)}} gid={{group}} home={{_folder.Path}}
        }
        {{(isRoot ? "" : $"default_internal_user = {Environment.UserName}\ndefault_login_user = {Environment.UserName}")}}

        """;
}
