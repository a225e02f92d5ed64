// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Collections.Immutable;
using Tutti.Mail.Links;

namespace Tutti.Trk.Publications;

/// <summary>All jobs and keys that the tracker knows, in memory.</summary>
internal sealed class PublishedJobs
{
    private readonly ConcurrentDictionary<ulong, PublishedJob> _jobs = new();
    private readonly Lock _gate = new();
    private ImmutableArray<PublishedKey> _keys = [];

    public int Count => _jobs.Count;

    /// <summary>Is the token ours? Its job need not be known yet, only its key.</summary>
    /// <param name="token">As it was read.</param>
    /// <param name="job">The job, if it is known.</param>
    public bool IsOurs(in LinkToken token, out PublishedJob? job)
    {
        if (_jobs.TryGetValue(token.JobId, out job) && job.Key.Id == token.KeyId)
        {
            return token.Verify(job.Key.Secret);
        }

        foreach (var key in _keys)
        {
            if (key.Id == token.KeyId && token.Verify(key.Secret))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The one object for a key, so that thousands of jobs do not hold copies.</summary>
    public PublishedKey Share(int id, byte[] secret)
    {
        lock (_gate)
        {
            foreach (var known in _keys)
            {
                if (known.Id == id && known.Secret.AsSpan().SequenceEqual(secret))
                {
                    return known;
                }
            }

            var key = new PublishedKey(id, secret);
            _keys = _keys.Add(key);
            return key;
        }
    }

    public void Put(ulong jobId, PublishedJob job) => _jobs[jobId] = job;
}
