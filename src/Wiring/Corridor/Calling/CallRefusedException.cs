// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Corridor.Calling;

/// <summary>A call was given up because of who answered, or because the other side turned this server away. Travels inside the <see cref="RpcException"/> that the caller sees.</summary>
public sealed class CallRefusedException : IOException
{
    internal CallRefusedException(Refusal refusal, IReadOnlyList<string> names, Exception? inner = null)
        : base($"[{refusal.Code}] {refusal.Message}", inner) => (Refusal, Names) = (refusal, names);

    /// <summary>Why.</summary>
    public Refusal Refusal { get; }

    /// <summary>The names of the certificate that was shown; may be empty.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The refusal behind a failed call, or null if it failed for another reason.</summary>
    public static Refusal? Behind(RpcException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        for (var cause = failure.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is CallRefusedException refused)
            {
                return refused.Refusal;
            }
        }

        return null;
    }
}
