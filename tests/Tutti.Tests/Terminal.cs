// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Commands.Tests;

/// <summary>Runs a command line in this process and keeps what it said.</summary>
internal sealed record Terminal(int Code, string Output, string Error)
{
    public static async Task<Terminal> Run(params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await CommandLine.Run(arguments, output, error);
        return new Terminal(code, output.ToString(), error.ToString());
    }

    /// <summary>Fails the test with everything that was said, unless the exit code is the expected one.</summary>
    public Terminal Expect(int code)
    {
        Assert.True(Code == code, $"Exit code {Code} instead of {code}.\n{Output}\n{Error}");
        return this;
    }
}
