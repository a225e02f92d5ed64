// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Lui.Rest;

/// <summary>How far a request with an Idempotency-Key has come.</summary>
internal enum KeyedState
{
    /// <summary>It has begun; nothing that it changes is committed.</summary>
    Running,

    /// <summary>Its first change is committed.</summary>
    Applied,

    /// <summary>It was answered, and the answer is kept.</summary>
    Done,
}

/// <summary>A request with an Idempotency-Key, as it is kept.</summary>
/// <param name="Fingerprint">Of method, address and body.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Holder">The node that takes care of it.</param>
/// <param name="Life">The life of that node's process.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Answer">What was answered; null before it is done.</param>
internal sealed record KeyedRequest(string Fingerprint, KeyedState State, string Holder, string Life, DateTimeOffset StartedAt, KeptAnswer? Answer);

/// <summary>An answer that is given again.</summary>
/// <param name="Status">Its status.</param>
/// <param name="ContentType">The type of its body; null without one.</param>
/// <param name="Location">Its header Location, if it has one.</param>
/// <param name="Body">Its body.</param>
internal sealed record KeptAnswer(int Status, string? ContentType, string? Location, byte[] Body);
