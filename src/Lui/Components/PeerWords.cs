// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;

namespace Tutti.Lui.Components;

/// <summary>Why a component does not do what was asked, as people read it behind its name: "dst on mail.example.com:1099 cannot be reached".</summary>
internal static class PeerWords
{
    /// <summary>What it does, without a full stop.</summary>
    public static string Of(RpcException problem) => problem.StatusCode switch
    {
        // The library's own words for a connection that did not come about say nothing to people.
        StatusCode.Unavailable when problem.Status.Detail.Contains("subchannel", StringComparison.Ordinal)
            || problem.Status.Detail.StartsWith("Error starting gRPC call", StringComparison.Ordinal) => "cannot be reached",
        StatusCode.DeadlineExceeded or StatusCode.Cancelled => "does not answer",
        StatusCode.Unavailable => $"is not available ({problem.Status.Detail})",
        _ => $"refuses: {problem.Status.Detail}",
    };
}
