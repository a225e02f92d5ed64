// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tutti.Hub.Cluster;

namespace Tutti.Hub.Servers;

/// <summary>A server that is let in with a code, as the page shows it.</summary>
/// <param name="Address">As it was typed.</param>
/// <param name="Words">What is done just now, or why it was refused.</param>
/// <param name="IsDone">Whether it came to an end.</param>
/// <param name="IsRefused">Whether that end was a no.</param>
/// <param name="Notes">What people should know of a server that was let in.</param>
internal sealed record JoinUnderWay(string Address, string Words, bool IsDone, bool IsRefused, IReadOnlyList<string> Notes);

/// <summary>Joins that were begun on the page. They take longer than a person waits for a form, and go on when the page is left.</summary>
internal sealed partial class JoinsUnderWay(JoinServer join, IHostApplicationLifetime life, ILogger<JoinsUnderWay> logger)
{
    private readonly ConcurrentDictionary<string, JoinUnderWay> _joins = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The last one of each address.</summary>
    public IReadOnlyList<JoinUnderWay> All => [.. _joins.Values.OrderBy(each => each.Address, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Begins one; false if that address has one under way.</summary>
    public bool Begin(string address, string code, Doer who)
    {
        var begun = new JoinUnderWay(address, ServersWords.JoinBegins, false, false, []);
        if (_joins.AddOrUpdate(address, begun, (_, before) => before.IsDone ? begun : before) != begun)
        {
            return false;
        }

        _ = Run(address, code, who);
        return true;
    }

    private async Task Run(string address, string code, Doer who)
    {
        try
        {
            var outcome = await join.Handle(new(address, code, who, words => _joins[address] = new(address, words, false, false, [])), life.ApplicationStopping);
            _joins[address] = outcome.Is(out var added, out var refusal)
                ? new(address, string.Join(", ", added.Processes.Select(process => process.Address)), true, false, added.Notes)
                : new(address, refusal.Message, true, true, []);
        }
        catch (Exception failure) when (failure is DbException or IOException or OperationCanceledException)
        {
            LogFailed(failure, address);
            _joins[address] = new(address, ServersWords.JoinBrokenOff, true, true, []);
        }
    }

    [LoggerMessage(2310, LogLevel.Error, "Letting {Address} in was broken off", EventName = "hub.servers.join-broken-off")]
    private partial void LogFailed(Exception failure, string address);
}
