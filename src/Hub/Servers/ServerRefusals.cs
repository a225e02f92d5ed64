// SPDX-License-Identifier: Apache-2.0
using Tutti.Hub.Components;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Servers;

/// <summary>Every "no" about the servers of the installation.</summary>
internal static class ServerRefusals
{
    public static Refusal Address(string text) => new(
        RefusalKind.Invalid, "server.address", $"'{text}' is no address of a server. Write its host name and, if it is not 1099, its internal port: trk.example.com or trk.example.com:11099.", "Address");

    public static Refusal OtherName(string asked, string own, int port) => new(
        RefusalKind.Conflict,
        "server.other-name",
        FormattableString.Invariant($"The server that answers for {asked} calls itself {own} (HostName in its conf/server.ini). Add it as {own}:{port}, or correct that line and start it again."),
        "Address");

    public static Refusal SecondHub(string address) => new(
        RefusalKind.Conflict, "server.second-hub", $"{address} has an Administration Hub of its own, so it is another installation. There is one hub in an installation.", "Address");

    public static Refusal SecondCopy(string address, string component, string other) => new(
        RefusalKind.Conflict,
        "server.second-copy",
        $"{component} on {address} has the same data as {component} on {other}, and both run. There may be only one live copy: stop the one that is not meant, then say it again. Events of the two cannot be told apart.",
        "Address");

    public static Refusal Nothing(string address) => new(
        RefusalKind.Conflict, "server.no-components", $"The server at {address} runs no component yet. Wait until it has started, then add it.", "Address");

    public static Refusal Unknown(string address) =>
        new(RefusalKind.NotFound, "server.unknown", $"{address} is not among the servers of this installation. See them with: tutti hub servers list", "Address");

    public static Refusal Ambiguous(string host, IEnumerable<int> ports) => new(
        RefusalKind.Invalid, "server.which", $"{host} has several processes. Name one with its port: {string.Join(", ", ports.Select(port => FormattableString.Invariant($"{host}:{port}")))}.", "Address");

    public static Refusal Own(KnownServer server) =>
        new(RefusalKind.Conflict, "server.own", $"{server.Address} belongs to the hub's own server, which cannot be removed.");

    public static Refusal UserInterfaceRuns(KnownServer server) => new(
        RefusalKind.Conflict,
        "server.registers-itself",
        $"The User Interface on {server.Address} is running and makes itself known every few seconds. Stop that server first, then remove it.");

    public static Refusal Unfinished(KnownServer server) => new(
        RefusalKind.Conflict,
        "server.unfinished",
        $"{server.Address} still has unfinished work ({string.Join("; ", server.UnfinishedWork)}). Wait until it is done, or force the removal: then it is given up.");

    public static Refusal Silent(KnownServer server) => new(
        RefusalKind.Conflict,
        "server.silent-work",
        $"{server.Address} does not answer, so nobody knows what it still has to do{(server.UnfinishedWork.Count == 0 ? "" : $" (last heard: {string.Join("; ", server.UnfinishedWork)})")}. Start it, or force the removal: then what it has is given up.");
}
