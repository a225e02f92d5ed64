// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Commands;

/// <summary>Ends a command with one sentence for the person at the terminal: what, where, what to do.</summary>
/// <param name="code">One of <see cref="ExitCode"/>.</param>
/// <param name="message">Complete sentences, without the program's name.</param>
internal sealed class Complaint(int code, string message) : Exception(message)
{
    /// <summary>The exit code that goes with the sentence.</summary>
    public int Code { get; } = code;
}
