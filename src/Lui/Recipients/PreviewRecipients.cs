// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Files;
using Tutti.Lui.Recipients.Csv;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients;

/// <summary>Looks at an upload again, with what people corrected.</summary>
internal sealed class PreviewRecipients(RecipientSourceStore sources, UploadStore uploads)
{
    public sealed record Query(long SourceId, CsvChoice Choice);

    public async Task<Outcome<CsvAnalysis>> Handle(Query query, CancellationToken cancellationToken)
    {
        if (await sources.Find(query.SourceId, cancellationToken) is not { } source)
        {
            return RecipientRefusals.NotFound(query.SourceId);
        }

        return source is { SpoolFile: { } file, State: SourceState.Uploaded or SourceState.Failed } && await uploads.Find(file, cancellationToken) is { } path
            ? CsvAnalysis.Of(path, source.Sheet is null ? query.Choice : query.Choice.OfOurs())
            : RecipientRefusals.NotImportable(source);
    }
}
