// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Smtp;

/// <summary>The conversation with a receiver cannot go on; the message is fit for people.</summary>
internal sealed class WireException(string message, Exception? inner = null, bool nothingLeft = false) : Exception(message, inner)
{
    /// <summary>True only if it is certain that the operating system took not one byte of the write that failed.</summary>
    public bool NothingLeft { get; } = nothingLeft;
}
