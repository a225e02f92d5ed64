// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.Commands.Jobs;

namespace Tutti.Commands.Demo;

/// <summary>What the demo came to: counted from the stores, beside what the played readers did.</summary>
internal sealed record DemoOutcome(JobReceipt Receipt, JobReactions Reported, int OpenedByReaders, int ClickedByReaders, long Captured, double Seconds)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    /// <summary>What does not fit, in words; empty if everything adds up.</summary>
    public IEnumerable<string> Faults()
    {
        if (!Receipt.AddsUp)
        {
            yield return $"The receipt does not add up: {Receipt}.";
        }

        if (Receipt.Waiting != 0)
        {
            yield return $"{Receipt.Waiting} recipients still wait.";
        }

        if (Captured != Receipt.Accepted)
        {
            yield return $"The capture mailbox holds {Captured} messages, {Receipt.Accepted} were accepted.";
        }

        if (Reported.Opened != OpenedByReaders)
        {
            yield return $"{OpenedByReaders} readers opened the message, the report shows {Reported.Opened}.";
        }

        if (Reported.Clicked != ClickedByReaders)
        {
            yield return $"{ClickedByReaders} readers followed a link, the report shows {Reported.Clicked}.";
        }
    }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            Receipt.Planned,
            Receipt.Accepted,
            Receipt.Refused,
            Receipt.Expired,
            Receipt.Suppressed,
            Receipt.Withdrawn,
            Receipt.Waiting,
            Receipt.InDoubt,
            Reported.Opened,
            Reported.Clicked,
            Seconds = Math.Round(Seconds, 1),
        },
        _json);
}
