// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Tutti.System.Tests.Running;

namespace Tutti.System.Tests.SettingUp;

/// <summary>A person at a terminal: runs one command on a terminal of its own (<c>script</c> makes it) and presses keys.</summary>
public sealed class Pty : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _shown = new();
    private readonly Task _reading;

    public Pty(params string[] arguments)
    {
        var info = Executable.StartInfo([]);
        info.FileName = "script";
        info.Environment["TERM"] = "xterm";
        foreach (var argument in (string[])["--quiet", "--return", "--command", string.Join(' ', arguments.Prepend(Executable.Path).Select(one => $"'{one}'")), "/dev/null"])
        {
            info.ArgumentList.Add(argument);
        }

        _process = Process.Start(info)!;
        _reading = Read();
    }

    /// <summary>Everything that the terminal showed.</summary>
    public string Shown => string.Concat(_shown);

    /// <summary>Waits until it shows something.</summary>
    public Task Shows(string words) => Waiting.Until(
        () => Shown.Contains(words, StringComparison.Ordinal), TimeSpan.FromSeconds(30), () => $"The terminal never showed '{words}':\n{Shown}");

    /// <summary>Presses keys.</summary>
    public async Task Press(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>The exit code of the command.</summary>
    public async Task<int> Ended()
    {
        await Waiting.Until(() => _process.HasExited, TimeSpan.FromSeconds(60), () => $"The command does not end:\n{Shown}");
        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        await _reading;
        _process.Dispose();
    }

    private async Task Read()
    {
        var buffer = new char[1024];
        while (await _process.StandardOutput.ReadAsync(buffer, CancellationToken.None) is > 0 and var count)
        {
            _shown.Enqueue(new StringBuilder().Append(buffer, 0, count).ToString());
        }
    }
}
