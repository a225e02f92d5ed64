// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Google.Protobuf;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Joining;

/// <summary>Sends and receives the messages of a join, each behind its length.</summary>
internal static class JoinMessages
{
    // A strange peer must not make this one hold much; a chain and a list are far below it.
    private const int Longest = 256 * 1024;

    public static async Task Send(Stream stream, JoinMessage message, CancellationToken cancellationToken)
    {
        var body = message.ToByteArray();
        var frame = new byte[body.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        body.CopyTo(frame, 4);
        await stream.WriteAsync(frame, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <exception cref="IOException">The other side ended the connection.</exception>
    /// <exception cref="InvalidDataException">What came is no message of a join.</exception>
    public static async Task<JoinMessage> Receive(Stream stream, CancellationToken cancellationToken)
    {
        var head = new byte[4];
        await stream.ReadExactlyAsync(head, cancellationToken);
        var length = BinaryPrimitives.ReadInt32BigEndian(head);
        if (length is <= 0 or > Longest)
        {
            throw new InvalidDataException($"A message of {length} bytes is none of a join.");
        }

        var body = new byte[length];
        await stream.ReadExactlyAsync(body, cancellationToken);
        try
        {
            return JoinMessage.Parser.ParseFrom(body);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException("What came is no message of a join.", exception);
        }
    }

    public static JoinMessage Of(Refusal refusal) => new() { Refusal = new JoinRefusal { Code = refusal.Code, Message = refusal.Message } };

    public static Refusal ToRefusal(JoinRefusal refusal) => new(RefusalKind.Conflict, refusal.Code, refusal.Message);
}
