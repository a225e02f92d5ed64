// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Delivery;

/// <summary>Every "no" about deliveries.</summary>
internal static class DeliveryRefusals
{
    public static Refusal NoSender(Job job) => new(RefusalKind.Conflict, "delivery.no-sender", SharedWords.Fill(DeliveryWords.NoSender, job.Code));

    public static Refusal NoRecipients(Job job) =>
        new(RefusalKind.Conflict, "delivery.no-recipients", SharedWords.Fill(DeliveryWords.NoRecipients, job.Code));

    public static Refusal NoKey() => new(
        RefusalKind.Unavailable, "delivery.no-key", DeliveryWords.NoKey);

    public static Refusal NoTracker() => new(
        RefusalKind.Unavailable, "delivery.no-tracker", DeliveryWords.NoTracker);

    public static Refusal NoTrackerFor(string host) => new(
        RefusalKind.Unavailable, "delivery.no-tracker", SharedWords.Fill(DeliveryWords.NoTrackerFor, host));

    public static Refusal TestAddress(string address, string problem) =>
        new(RefusalKind.Invalid, "test.address", SharedWords.Fill(DeliveryWords.BadTestAddress, address, problem), "addresses");

    public static Refusal TestCount(int most) => new(
        RefusalKind.Invalid, "test.count", SharedWords.Fill(DeliveryWords.BadTestCount, SharedWords.Number(most)), "addresses");

    public static Refusal TestNotYet(Job job, string detail) => new(RefusalKind.Conflict, "test.not-yet", SharedWords.Fill(DeliveryWords.TestNotYet, job.Code, detail));

    public static Refusal NoSample(long id) => new(
        RefusalKind.Invalid, "test.sample", SharedWords.Fill(DeliveryWords.NoSample, id.ToString(CultureInfo.InvariantCulture)), "samples");

    public static Refusal SampleNumbers(string given) => new(RefusalKind.Invalid, "test.sample", SharedWords.Fill(DeliveryWords.BadSamples, given), "samples");

    public static Refusal NotFound(long id) =>
        new(RefusalKind.NotFound, "delivery.not-found", SharedWords.Fill(DeliveryWords.NoSuchTest, id.ToString(CultureInfo.InvariantCulture)));
}
