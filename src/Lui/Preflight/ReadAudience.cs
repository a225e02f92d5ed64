// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Delivery;
using Tutti.Lui.Recipients;
using Tutti.Mail.Composing;
using Tutti.Mail.Merging;

namespace Tutti.Lui.Preflight;

/// <summary>Computes the values of every recipient of a job as the delivery will, and notes where something is missing.</summary>
internal sealed class ReadAudience(RecipientStore recipients)
{
    /// <summary>So many recipients are looked at with their eyes.</summary>
    public const int Samples = 5;

    private const int Page = 2000;

    /// <summary>Goes over all recipients.</summary>
    /// <param name="message">What they get.</param>
    /// <param name="snapshot">Who they are.</param>
    /// <param name="now">What templates see as now.</param>
    /// <param name="progress">Told how many were looked at.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Audience> Handle(CompiledMessage message, Snapshot snapshot, DateTimeOffset now, Action<long> progress, CancellationToken cancellationToken)
    {
        var fields = snapshot.Fields();
        var empty = new Dictionary<string, Concerned>(StringComparer.OrdinalIgnoreCase);
        var notComputed = new Concerned();
        var first = new List<Recipient>();
        string? why = null;
        Recipient? longest = null;
        var (most, looked) = (-1L, 0L);
        while (true)
        {
            var page = await recipients.Read(snapshot.RecipientsId, looked, long.MaxValue, Page, cancellationToken);
            foreach (var recipient in page)
            {
                if (!message.Plan.TryCompute(Row(fields, recipient), now, out var values, out var problem))
                {
                    notComputed.Add(recipient);
                    why ??= problem;
                    continue;
                }

                foreach (var field in values.EmptyFields)
                {
                    if (!empty.TryGetValue(field, out var whose))
                    {
                        empty.Add(field, whose = new Concerned());
                    }

                    whose.Add(recipient);
                }

                if (first.Count < Samples)
                {
                    first.Add(recipient);
                }

                var length = values.Values.Sum(value => (long)value.Length);
                (most, longest) = length > most ? (length, recipient) : (most, longest);
            }

            if (page.Count > 0)
            {
                looked = page[^1].Id;
                progress(looked);
            }

            if (page.Count < Page)
            {
                return new Audience(looked, fields.MissingOf(message.FieldNames), empty, notComputed, why, first, longest);
            }
        }
    }

    /// <summary>A recipient as templates see him.</summary>
    public static MergeRow Row(MergeFields fields, Recipient recipient) => new(fields, recipient.Fields, recipient.Address, recipient.DisplayName);
}
