// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Smtp;

/// <summary>What is known about a message after one step of its delivery.</summary>
internal enum Result
{
    /// <summary>Everything but the terminator has been written; the receiver cannot have taken the message yet.</summary>
    Ready,

    /// <summary>A complete 2xx reply to the terminator.</summary>
    Accepted,

    /// <summary>A complete 4xx reply, or a routing problem that may pass.</summary>
    Deferred,

    /// <summary>A complete 5xx reply, or a local reason that will not go away.</summary>
    Refused,

    /// <summary>The connection failed and not one byte of the terminator had left: the message can be tried again.</summary>
    Broken,

    /// <summary>The terminator left and no complete reply came: nobody here knows whether the message was taken.</summary>
    InDoubt,
}

/// <summary>Where in the conversation the answer was given.</summary>
internal enum Stage
{
    /// <summary>Here, without asking the receiver.</summary>
    Local,

    /// <summary>Looking up where the mail goes.</summary>
    Routing,

    /// <summary>Connecting, greeting, EHLO, STARTTLS.</summary>
    Connecting,

    /// <summary>MAIL FROM.</summary>
    Mail,

    /// <summary>RCPT TO.</summary>
    Recipient,

    /// <summary>DATA.</summary>
    Data,

    /// <summary>While the message was being written.</summary>
    Body,

    /// <summary>At or after the terminator.</summary>
    End,
}

/// <summary>The outcome of one step, with the receiver's words.</summary>
/// <param name="Result">What is known now.</param>
/// <param name="Stage">Where it happened.</param>
/// <param name="Code">Reply code, 0 if there was no complete reply.</param>
/// <param name="EnhancedCode">RFC 3463 code such as "5.1.1", empty if none was given.</param>
/// <param name="Text">The receiver's words (code included), or ours; at most 500 characters, no control characters.</param>
internal sealed record Answer(Result Result, Stage Stage, int Code, string EnhancedCode, string Text)
{
    /// <summary>The one answer of a message that only lacks its terminator.</summary>
    public static Answer Ready { get; } = new(Result.Ready, Stage.Body, 354, "", "");

    /// <summary>Whether it is about the domain alone, not about the host: encryption that its own policy demands did not come about.</summary>
    public bool IsUnmetPolicy { get; init; }

    /// <summary>Whether the receiver closes this connection by its answer (RFC 5321 §3.8): the reply concerns the connection, not the recipient.</summary>
    public bool IsShutdown => Code == 421;

    /// <summary>What a complete reply means that is not the wish to go on.</summary>
    public static Answer To(ReplyReader reply, Stage stage)
    {
        var result = (reply.Code / 100) switch { 2 => Result.Accepted, 4 => Result.Deferred, _ => Result.Refused };
        return new Answer(result, stage, reply.Code, reply.EnhancedCode, reply.Text);
    }

    /// <summary>A permanent no for a reason found here.</summary>
    public static Answer RefusedHere(string text, string enhancedCode) => new(Result.Refused, Stage.Local, 0, enhancedCode, text);
}
