// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Returns.Mailboxes;

/// <summary>
/// A real Postfix with folders and a port of its own, which puts all mail of the return domain into one Maildir and refuses messages whose subject begins with "reject".
/// Postfix starts as root only: others need sudo.
/// </summary>
internal sealed class PostfixServer : IAsyncDisposable
{
    private static readonly bool _isRoot = Environment.UserName == "root";
    private readonly TemporaryFolder _folder = new();

    private PostfixServer()
    {
    }

    public IPEndPoint Endpoint { get; } = new(IPAddress.Loopback, FreePort.Next());

    /// <summary>Where it puts mail.</summary>
    public string Maildir => _folder.File("mail/returns");

    public static async Task<PostfixServer> Start()
    {
        var server = new PostfixServer();
        foreach (var name in new[] { "conf", "queue", "data", "mail" })
        {
            Directory.CreateDirectory(server._folder.File(name));
        }

        // The mail is written by whoever reads it; where that is root, which Postfix does not do, by nobody.
        var id = _isRoot ? "65534" : (await Tool.Run("id", "-u")).Trim();
        await File.WriteAllTextAsync(server._folder.File("conf/main.cf"), server.Main(id));
        await File.WriteAllTextAsync(server._folder.File("conf/master.cf"), server.Services());
        await File.WriteAllTextAsync(server._folder.File("conf/checks"), "/^Subject: reject/ REJECT Not wanted here\n");
        await AsRoot("chmod", "755", server._folder.Path);
        await AsRoot("chown", "-R", "root", server._folder.File("conf"), server._folder.File("queue"));
        await AsRoot("chown", "postfix", server._folder.File("data"));
        await AsRoot("chown", id, server._folder.File("mail"));
        await AsRoot("/usr/sbin/postfix", "-c", server._folder.File("conf"), "start");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await AsRoot("/usr/sbin/postfix", "-c", _folder.File("conf"), "abort");
        await AsRoot("rm", "-rf", _folder.Path);
        _folder.Dispose();
    }

    private static Task<string> AsRoot(params string[] command) => _isRoot ? Tool.Run(command[0], command[1..]) : Tool.Run("sudo", ["-n", .. command]);

    private string Main(string id) => $"""
        compatibility_level = 3.6
        queue_directory = {_folder.File("queue")}
        data_directory = {_folder.File("data")}
        maillog_file = {_folder.File("log")}
        maillog_file_prefixes = {_folder.Path}
        myhostname = mx.elsewhere.example
        mydestination =
        local_recipient_maps =
        proxy_read_maps =
        local_transport = error:none
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        smtpd_tls_security_level = none
        smtpd_relay_restrictions = reject_unauth_destination
        virtual_mailbox_domains = {Returning.Domain}
        virtual_mailbox_base = {_folder.File("mail")}
        virtual_mailbox_maps = static:returns/
        virtual_uid_maps = static:{id}
        virtual_gid_maps = static:{id}
        virtual_minimum_uid = 1
        header_checks = regexp:{_folder.File("conf/checks")}

        """;

    private string Services() => string.Create(CultureInfo.InvariantCulture, $"""
        127.0.0.1:{Endpoint.Port} inet n - n - - smtpd
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        error unix - - n - - error
        virtual unix - n n - - virtual
        proxymap unix - - n - - proxymap
        tlsmgr unix - - n 1000? 1 tlsmgr
        anvil unix - - n - 1 anvil
        postlog unix-dgram n - n - 1 postlogd

        """);
}
