// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Recipients.Import;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients;

/// <summary>Stops a running import, or throws an upload away that is not in use. What the job used before stays.</summary>
internal sealed class StopImport(RecipientSourceStore sources, ImportQueue queue, ImportRunStore runs)
{
    public sealed record Command(long SourceId);

    /// <summary>Stops an import; the upload stays and can be imported again.</summary>
    public async Task<Outcome<RecipientSource>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (await sources.Find(command.SourceId, cancellationToken) is not { } source)
        {
            return RecipientRefusals.NotFound(command.SourceId);
        }

        if (source.State != SourceState.Importing)
        {
            return RecipientRefusals.NotImporting(source);
        }

        if (!queue.Stop(source.Id))
        {
            await runs.WantStop(source.Id, cancellationToken);
        }

        return source;
    }

    /// <summary>Throws an upload away.</summary>
    public async Task<Outcome<RecipientSource>> Discard(Command command, CancellationToken cancellationToken)
    {
        if (await sources.Find(command.SourceId, cancellationToken) is not { } source)
        {
            return RecipientRefusals.NotFound(command.SourceId);
        }

        var discarded = source with { State = SourceState.Discarded };
        return source.State is SourceState.Uploaded or SourceState.Failed && await sources.Save(discarded, source.State, cancellationToken)
            ? discarded
            : RecipientRefusals.NotDiscardable(source);
    }
}
