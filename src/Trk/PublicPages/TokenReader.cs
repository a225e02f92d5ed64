// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Http;
using Tutti.Mail.Links;
using Tutti.Trk.Publications;
using Tutti.Trk.Spool;

namespace Tutti.Trk.PublicPages;

/// <summary>What the paths /o/, /c/ and /u/ have in common: a token that must be ours, and an event made of the request.</summary>
internal sealed class TokenReader(PublishedJobs jobs, ClientAddresses clients, TimeProvider clock)
{
    /// <summary>Reads and checks the token behind the three characters of a path.</summary>
    /// <param name="path">The whole path.</param>
    /// <param name="kind">What the token must stand for.</param>
    /// <param name="token">The token, to be believed.</param>
    /// <param name="job">Its job, if it is known here.</param>
    public bool TryRead(string path, LinkKind kind, out LinkToken token, out PublishedJob? job)
    {
        job = null;
        return LinkToken.TryRead(path.AsSpan(LinkPaths.Of(kind).Length), out token) && token.Kind == kind && jobs.IsOurs(token, out job);
    }

    /// <summary>The event of a request, reduced to what its job's tracking allows.</summary>
    public TrackedEvent EventOf(HttpContext context, in LinkToken token, PublishedJob? job)
    {
        var kept = TrackedEvent.Allowed(token, job?.Tracking);
        return TrackedEvent.Of(
            token,
            kept,
            clock.GetUtcNow().ToUnixTimeMilliseconds(),
            context.Request.Headers.UserAgent.ToString(),
            kept == Kept.Person ? clients.Of(context) : null);
    }
}
