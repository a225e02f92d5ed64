// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;

namespace Tutti.System.Tests.Running;

/// <summary>One process of <c>tutti run</c>.</summary>
public sealed class ServerRun : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>Starts it; does not wait until it is ready.</summary>
    public ServerRun(string name, IEnumerable<string> arguments, string? network = null, Dictionary<string, string>? variables = null)
    {
        Name = name;
        _process = new Process { StartInfo = Executable.StartInfo(arguments, network) };
        foreach (var (key, value) in variables ?? [])
        {
            _process.StartInfo.Environment[key] = value;
        }

        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Everything it said on its two outputs.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>SIGKILL: no farewell, no flush.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task<int> Stop()
    {
        if (!_process.HasExited)
        {
            using var signal = Process.Start("/bin/sh", ["-c", $"kill -TERM {_process.Id}"]);
            await signal.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            Assert.Fail($"{Name} did not stop within a minute after SIGTERM.\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task<int> Ended()
    {
        await Waiting.Until(() => _process.HasExited, TimeSpan.FromSeconds(60), () => $"{Name} goes on running.\n{Output}");
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
