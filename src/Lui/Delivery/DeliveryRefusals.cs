// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Delivery;

/// <summary>Every "no" about deliveries.</summary>
internal static class DeliveryRefusals
{
    public static Refusal NoSender(Job job) => new(RefusalKind.Conflict, "delivery.no-sender", $"Mail job {job.Code} has no sender. Name one first.");

    public static Refusal NoRecipients(Job job) =>
        new(RefusalKind.Conflict, "delivery.no-recipients", $"Mail job {job.Code} has no recipients. Their data is needed to fill the message.");

    public static Refusal NoKey() => new(
        RefusalKind.Unavailable, "delivery.no-key", "HUB has not given the keys for tracking links yet. It goes on by itself when HUB answers.");

    public static Refusal NoTracker() => new(
        RefusalKind.Unavailable, "delivery.no-tracker", "No tracker is known. It goes on by itself when HUB lists one that has a public address.");

    public static Refusal NoTrackerFor(string host) => new(
        RefusalKind.Unavailable, "delivery.no-tracker", $"No tracker is known for {host}. It goes on by itself when HUB lists one, or when the job's tracking step names another address.");

    public static Refusal TestAddress(string address, string problem) =>
        new(RefusalKind.Invalid, "test.address", $"'{address}' cannot get a test message: {problem}.", "addresses");

    public static Refusal TestCount(int most) => new(
        RefusalKind.Invalid, "test.count", string.Create(CultureInfo.InvariantCulture, $"A test goes to 1 to {most} addresses."), "addresses");

    public static Refusal TestNotYet(Job job, string detail) => new(RefusalKind.Conflict, "test.not-yet", $"Mail job {job.Code} cannot be tested yet. {detail}");

    public static Refusal NoSample(long id) => new(
        RefusalKind.Invalid, "test.sample", string.Create(CultureInfo.InvariantCulture, $"This job has no recipient number {id} to take the data from."), "samples");

    public static Refusal NotFound(long id) =>
        new(RefusalKind.NotFound, "delivery.not-found", string.Create(CultureInfo.InvariantCulture, $"There is no test delivery {id}."));
}
