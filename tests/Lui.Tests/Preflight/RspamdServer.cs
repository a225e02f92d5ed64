// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Tutti.Testing;

namespace Tutti.Lui.Tests.Preflight;

/// <summary>A real Rspamd on a port of its own, with one rule of ours, which needs no database and no network.</summary>
internal sealed class RspamdServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly Process _process;

    private RspamdServer(TemporaryFolder folder, Process process, int port) => (_folder, _process, Url) = (folder, process, $"http://127.0.0.1:{port}");

    public string Url { get; }

    public static async Task<RspamdServer> Start(CancellationToken cancellationToken)
    {
        var (folder, port) = (new TemporaryFolder(), FreePort.Next());
        await File.WriteAllTextAsync(
            folder.File("rule.lua"),
            """
            rspamd_config:register_symbol({ name = "CHEAP_WATCHES", type = "normal", score = 7.0,
              callback = function(task)
                for _, part in ipairs(task:get_text_parts()) do
                  if tostring(part:get_content()):find("cheap watches", 1, true) then return true end
                end
                return false
              end })
            """,
            cancellationToken);
        await File.WriteAllTextAsync(
            folder.File("rspamd.conf"),
            $$"""
            lua = "{{folder.File("rule.lua")}}"
            options { pidfile = "{{folder.File("pid")}}"; tempdir = "{{folder.Path}}"; control_socket = "{{folder.File("control")}} mode=0600"; filters = ""; dns { nameserver = ["127.0.0.1:1"]; timeout = 100ms; } }
            logging { type = "console"; level = "error"; }
            actions { reject = 15; add_header = 6; greylist = 4; }
            worker "normal" { bind_socket = "127.0.0.1:{{port}}"; count = 1; }
            """,
            cancellationToken);
        var process = Process.Start(new ProcessStartInfo("rspamd", ["-f", "-i", "-c", folder.File("rspamd.conf")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new RspamdServer(folder, process, port);
        using var client = new HttpClient();
        while (true)
        {
            try
            {
                _ = await client.GetStringAsync(server.Url + "/ping", cancellationToken);
                return server;
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}
