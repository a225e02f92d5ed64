// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Tutti.Lui.Jobs;
using Tutti.Lui.Listserv;
using Tutti.Lui.Recipients;

namespace Tutti.Lui.Senders;

/// <summary>Finds a LISTSERV list among a job's recipients.</summary>
internal sealed class ListAmongRecipients(RecipientStore recipients, Connections listservs)
{
    private const int MostKnown = 200;
    private readonly ConcurrentDictionary<(long Recipients, string Domain), string?> _lists = new();

    /// <summary>A list among the recipients: an address at LISTSERV's own domain.</summary>
    public async Task<string?> Find(Job job, CancellationToken cancellationToken)
    {
        if (job.RecipientsId is not { } set)
        {
            return null;
        }

        foreach (var domain in (await listservs.List(cancellationToken)).Select(connection => connection.Domain.ToLowerInvariant()).Distinct())
        {
            // A set does not change once it is a job's, and reading all of a large one takes a while.
            if (!_lists.TryGetValue((set, domain), out var list))
            {
                list = await recipients.FirstAt(set, domain, cancellationToken);
                if (_lists.Count >= MostKnown)
                {
                    _lists.Clear();
                }

                _lists[(set, domain)] = list;
            }

            if (list is not null)
            {
                return list;
            }
        }

        return null;
    }
}
