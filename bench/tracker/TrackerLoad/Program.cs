// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Google.Protobuf;
using Grpc.Net.Client;
using Tutti.Contracts.Feed.V1;
using Tutti.Contracts.Trk.V1;
using Tutti.Mail.Links;
using Tutti.TrackerLoad;
using LinkKey = Tutti.Mail.Links.LinkKey;
using TrackingType = Tutti.Contracts.Links.V1.TrackingType;

switch (args)
{
    case ["publish", var tracker]:
        Console.WriteLine(await Publish(new Uri(tracker)));
        return 0;
    case ["stored", var tracker]:
        Console.WriteLine(await Stored(new Uri(tracker)));
        return 0;
    case ["rate", var url, var rate, var seconds]:
        using (var load = new OpenLoop(new Uri(url), int.Parse(rate, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture))))
        {
            Console.WriteLine(load.Run());
        }

        return 0;
    default:
        Console.Error.WriteLine("usage: publish TRACKER | stored TRACKER | rate URL REQUESTS-A-SECOND SECONDS");
        return 64;
}

// Publishes a job of personal tracking and gives the path of an open image in it.
static async Task<string> Publish(Uri tracker)
{
    using var channel = GrpcChannel.ForAddress(tracker);
    var key = new LinkKey(1, [.. Enumerable.Range(0, LinkKey.SecretLength).Select(i => (byte)i)]);
    await new Publications.PublicationsClient(channel).PublishAsync(new Publication
    {
        JobId = 261124,
        Number = 1,
        Key = new() { Id = (uint)key.Id, Secret = ByteString.CopyFrom(key.Secret) },
        TrackingType = TrackingType.Personal,
        SenderName = "The Example Society",
        Links = { new Link { Number = 1, Target = "https://www.example.com/" } },
    });
    return LinkPaths.Of(LinkKind.Open) + LinkToken.Create(key, LinkKind.Open, 261124, 0, 0x0123456789ABCDEF);
}

static async Task<ulong> Stored(Uri tracker)
{
    using var channel = GrpcChannel.ForAddress(tracker);
    return (await new Events.EventsClient(channel).FetchAsync(new FetchRequest { MaxEvents = 1 })).Newest;
}
