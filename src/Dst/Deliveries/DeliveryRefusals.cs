// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Outcomes;

namespace Tutti.Dst.Deliveries;

/// <summary>Every "no" to a hand-over.</summary>
internal static class DeliveryRefusals
{
    public static Refusal BadJob(ulong job) => new(RefusalKind.Invalid, "delivery.bad-job", $"{job} is no number of a delivery.", "job_id");

    public static Refusal BadDelivery(ulong job, string complaint) =>
        new(RefusalKind.Invalid, "delivery.invalid", $"Delivery {job} cannot be taken: {complaint}");

    public static Refusal BadBatch(ulong job, uint number, string complaint) =>
        new(RefusalKind.Invalid, "delivery.bad-batch", $"Batch {number} of delivery {job} cannot be taken: {complaint}");

    public static Refusal Unknown(ulong job) =>
        new(RefusalKind.Conflict, "delivery.unknown", $"Delivery {job} was never opened here. Open it, then submit its batches.");

    public static Refusal OtherKind(ulong job, bool isCaptured) => new(
        RefusalKind.Conflict,
        "delivery.other-kind",
        isCaptured ? $"Delivery {job} is only simulated here, and this batch is to be delivered." : $"Delivery {job} is a real one here, and this batch is only to be simulated.");

    public static Refusal FilesMissing(ulong job) =>
        new(RefusalKind.Conflict, "delivery.files-missing", $"Files of delivery {job} are not here. Hand them over, then open the delivery again.");

    public static Refusal BadDirection(ulong job) =>
        new(RefusalKind.Invalid, "delivery.bad-direction", $"The direction for delivery {job} has no number or no course.");
}
