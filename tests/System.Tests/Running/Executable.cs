// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;

namespace Tutti.System.Tests.Running;

/// <summary>The built executable, started as a person would start it.</summary>
public static class Executable
{
    /// <summary><c>artifacts/bin/Tutti/CONFIGURATION/tutti</c>, beside the folder that these tests run from.</summary>
    public static string Path { get; } = Find();

    /// <summary>The top folder of the checkout.</summary>
    public static string Checkout { get; } = global::System.IO.Path.GetFullPath(global::System.IO.Path.Combine(global::System.IO.Path.GetDirectoryName(Path)!, "../../../.."));

    /// <summary>Runs one command to its end.</summary>
    public static Task<CommandResult> Run(params string[] arguments) => Run(TimeSpan.FromMinutes(3), arguments);

    /// <summary>Runs one command to its end, or ends it after a while.</summary>
    public static Task<CommandResult> Run(TimeSpan patience, params string[] arguments) => Run(patience, arguments, network: null);

    /// <summary>The same in a network namespace that stands for another host.</summary>
    public static async Task<CommandResult> Run(TimeSpan patience, IReadOnlyList<string> arguments, string? network)
    {
        using var process = new Process { StartInfo = StartInfo(arguments, network) };
        var output = new StringBuilder();
        var error = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(error, line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var timer = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            Assert.Fail($"tutti {string.Join(' ', arguments)} did not end within {patience}.\n{output}\n{error}");
        }

        return new CommandResult(process.ExitCode, output.ToString(), error.ToString());
    }

    internal static ProcessStartInfo StartInfo(IEnumerable<string> arguments, string? network = null)
    {
        // `ip netns exec` becomes the program that it starts: same process, same signals.
        var info = new ProcessStartInfo(network is null ? Path : "ip")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in network is null ? arguments : ["netns", "exec", network, Path, .. arguments])
        {
            info.ArgumentList.Add(argument);
        }

        // Nothing of a test may ask the internet whether the links of its letters lead somewhere.
        info.Environment["TUTTI_LUI_CHECKLINKS"] = "no";

        // The launcher knows a few places of the runtime only; the tests run on one that works.
        info.Environment["DOTNET_ROOT"] = global::System.IO.Path.GetFullPath(global::System.IO.Path.Combine(RuntimeFolder, "../../.."));
        return info;
    }

    private static string RuntimeFolder => global::System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory();

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private static string Find()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var path = global::System.IO.Path.Combine(own.Parent!.Parent!.FullName, "Tutti", own.Name, "tutti");
        return File.Exists(path) ? path : throw new FileNotFoundException($"The executable is not built: {path}");
    }
}

/// <summary>What a command answered.</summary>
public sealed record CommandResult(int Code, string Output, string Error)
{
    /// <summary>The last line that is not empty.</summary>
    public string LastLine => Output.TrimEnd('\n').Split('\n')[^1];

    /// <summary>Fails the test with everything that was said, unless the exit code is the expected one.</summary>
    public CommandResult Expect(int code)
    {
        Assert.True(Code == code, $"Exit code {Code} instead of {code}.\n{Output}\n{Error}");
        return this;
    }
}
