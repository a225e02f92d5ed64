// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Tutti.Mail.Transfer;

/// <summary>A place for a message that can refer to what many messages have in common instead of copying it.</summary>
public interface ISharesLines : IBufferWriter<byte>
{
    /// <summary>Puts lines behind what was written. They must stay unchanged as long as the message is in use.</summary>
    /// <param name="lines">Whole lines, each with its CRLF.</param>
    void Share(ReadOnlyMemory<byte> lines);
}
