// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Distributors;

/// <summary>Every "no" about the lanes of a distributor.</summary>
internal static class DistributorRefusals
{
    public static Refusal Unknown(string address) =>
        new(RefusalKind.NotFound, "distributor.unknown", SharedWords.Fill(DistributorsWords.UnknownDistributor, address));

    public static Refusal NoLane(string why) => new(RefusalKind.NotFound, "lane.unknown", why);

    public static Refusal Silent(string address, string why) =>
        new(RefusalKind.Unavailable, "distributor.silent", SharedWords.Fill(DistributorsWords.Silent, address, why));
}
