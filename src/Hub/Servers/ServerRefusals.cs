// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Hub.Components;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Servers;

/// <summary>Every "no" about the servers of the installation.</summary>
internal static class ServerRefusals
{
    public static Refusal Address(string text) => new(
        RefusalKind.Invalid, "server.address", SharedWords.Fill(ServersWords.NoAddress, text), "Address");

    public static Refusal OtherName(string asked, string own, int port) => new(
        RefusalKind.Conflict,
        "server.other-name",
        SharedWords.Fill(ServersWords.OtherName, asked, own, port.ToString(CultureInfo.InvariantCulture)),
        "Address");

    public static Refusal SecondHub(string address) => new(
        RefusalKind.Conflict, "server.second-hub", SharedWords.Fill(ServersWords.SecondHub, address), "Address");

    public static Refusal SecondCopy(string address, string component, string other) => new(
        RefusalKind.Conflict,
        "server.second-copy",
        SharedWords.Fill(ServersWords.SecondCopy, component, address, other),
        "Address");

    public static Refusal Nothing(string address) => new(
        RefusalKind.Conflict, "server.no-components", SharedWords.Fill(ServersWords.NoComponents, address), "Address");

    public static Refusal Unknown(string address) =>
        new(RefusalKind.NotFound, "server.unknown", SharedWords.Fill(ServersWords.NotAmong, address), "Address");

    public static Refusal Ambiguous(string host, IEnumerable<int> ports) => new(
        RefusalKind.Invalid, "server.which", SharedWords.Fill(ServersWords.Ambiguous, host, string.Join(", ", ports.Select(port => FormattableString.Invariant($"{host}:{port}")))), "Address");

    public static Refusal Own(KnownServer server) =>
        new(RefusalKind.Conflict, "server.own", SharedWords.Fill(ServersWords.OwnServer, server.Address));

    public static Refusal UserInterfaceRuns(KnownServer server) => new(
        RefusalKind.Conflict,
        "server.registers-itself",
        SharedWords.Fill(ServersWords.UserInterfaceRuns, server.Address));

    public static Refusal Unfinished(KnownServer server) => new(
        RefusalKind.Conflict,
        "server.unfinished",
        SharedWords.Fill(ServersWords.Unfinished, server.Address, string.Join("; ", server.UnfinishedWork)));

    public static Refusal Silent(KnownServer server) => new(
        RefusalKind.Conflict,
        "server.silent-work",
        SharedWords.Fill(server.UnfinishedWork.Count == 0 ? ServersWords.Silent : ServersWords.SilentLastHeard, server.Address, string.Join("; ", server.UnfinishedWork)));
}
