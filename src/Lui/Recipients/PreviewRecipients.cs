// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Files;
using Tutti.Lui.Recipients.Csv;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients;

/// <summary>Looks at an upload again, with what people corrected.</summary>
internal sealed class PreviewRecipients(RecipientSourceStore sources, UploadFolder uploads)
{
    public sealed record Query(long SourceId, CsvChoice Choice);

    public async Task<Outcome<CsvAnalysis>> Handle(Query query, CancellationToken cancellationToken)
    {
        if (await sources.Find(query.SourceId, cancellationToken) is not { } source)
        {
            return RecipientRefusals.NotFound(query.SourceId);
        }

        return source.SpoolFile is { } file && uploads.Has(file) && source.State is SourceState.Uploaded or SourceState.Failed
            ? CsvAnalysis.Of(uploads.PathOf(source.SpoolFile!), query.Choice)
            : RecipientRefusals.NotImportable(source);
    }
}
