// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Tutti.Frame.Words;

namespace Tutti.Lui.Components;

/// <summary>Why a component does not do what was asked, as people read it behind its name: "dst on mail.example.com:1099 cannot be reached".</summary>
internal static class PeerWords
{
    /// <summary>What it does, without a full stop.</summary>
    public static string Of(RpcException problem) => problem.StatusCode switch
    {
        // The library's own words for a connection that did not come about say nothing to people.
        StatusCode.Unavailable when problem.Status.Detail.Contains("subchannel", StringComparison.Ordinal)
            || problem.Status.Detail.StartsWith("Error starting gRPC call", StringComparison.Ordinal) => ComponentsWords.CannotBeReached,
        StatusCode.DeadlineExceeded or StatusCode.Cancelled => ComponentsWords.DoesNotAnswer,
        StatusCode.Unavailable => SharedWords.Fill(ComponentsWords.NotAvailable, problem.Status.Detail),
        _ => SharedWords.Fill(ComponentsWords.Refuses, problem.Status.Detail),
    };
}
