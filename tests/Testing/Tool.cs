// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tutti.Testing;

/// <summary>A program of somebody else, such as <c>keytool</c> or <c>openssl</c>, run to its end.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">What it wrote to standard output, then to standard error.</param>
public sealed record Tool(int Code, string Output)
{
    /// <summary>Runs it and throws with everything it said if it fails.</summary>
    public static async Task<string> Run(string program, params string[] arguments)
    {
        var ran = await Try(program, arguments);
        return ran.Code == 0 ? ran.Output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {ran.Code}: {ran.Output}");
    }

    /// <summary>Runs it, whatever comes of it.</summary>
    /// <param name="program">The program; its arguments follow.</param>
    /// <param name="arguments">Each one as it stands.</param>
    public static async Task<Tool> Try(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["LC_ALL"] = "C.UTF-8";

        // Otherwise each run of Java compiles for a machine that will not live long enough to use it.
        start.Environment["JDK_JAVA_OPTIONS"] = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Tool(process.ExitCode, await output + await error);
    }
}
