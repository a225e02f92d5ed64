// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Tutti.Contracts.Hub.V1;
using Tutti.Frame.People;
using Tutti.Frame.Words;
using Tutti.Lui.Components;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Transport;

namespace Tutti.Lui.Shell;

/// <summary>Asks the hub whether somebody may come in.</summary>
internal sealed partial class AskHub(Peers peers, ServerConfiguration server, HubContact contact, TimeProvider clock, ILogger<AskHub> logger)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(4);

    public async Task<SignInAnswer> Handle(string account, string password, string clientAddress, CancellationToken cancellationToken)
    {
        var hub = server.Hub ?? throw new InvalidOperationException("conf/server.ini names no hub.");
        var client = new SignIn.SignInClient(peers.Dial(hub.Host, hub.Port));
        try
        {
            var reply = await client.CheckAsync(
                new CheckRequest { Account = account, Password = password, ClientAddress = clientAddress },
                deadline: clock.GetUtcNow().UtcDateTime + _patience,
                cancellationToken: cancellationToken);
            return reply switch
            {
                { Verdict: SignInVerdict.Accepted, Account: { } who } => new(new SignedIn((long)who.Id, who.Name, who.DisplayName, who.Administrator) { Stamp = (long)who.Stamp, TimeZone = who.TimeZone }),
                { Verdict: SignInVerdict.Locked } => new(null, SharedWords.Fill(FrameWords.LockedOut, Left(reply.LockedUntilMs))),
                _ => new(null, FrameWords.WrongPassword),
            };
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogHubAway(failure);
            return new(null, SharedWords.Fill(
                ShellWords.HubAway,
                string.Create(CultureInfo.InvariantCulture, $"{hub.Host}:{hub.Port}"),
                contact.Missed().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)));
        }
    }

    private string Left(long untilMs) => SharedWords.Span(DateTimeOffset.FromUnixTimeMilliseconds(untilMs) - clock.GetUtcNow());

    [LoggerMessage(4490, LogLevel.Warning, "The hub could not be asked about a sign-in", EventName = "lui.sign-in.hub-away")]
    private partial void LogHubAway(Exception failure);
}
