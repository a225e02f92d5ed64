// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Outcomes;

namespace Tutti.Wiring.Corridor.Callers;

/// <summary>
/// Which server carries which components, as HUB handed it down, and so who may call what. Kept in <c>conf/callers.json</c>:
/// it counts after a restart also while HUB is away. Until HUB was heard once, everybody in the list may call everything.
/// </summary>
internal sealed partial class KnownCallers(HomeFolder home, ServerConfiguration server, Func<string?> letInBy, ILogger logger)
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };
    private readonly Lock _taking = new();
    private volatile Held? _held = Read(home);
    private int _isTold;

    /// <summary>The number of the list; 0 if HUB was not heard yet.</summary>
    public long Number => _held?.Number ?? 0;

    private string FilePath => PathIn(home);

    /// <summary>Where it lies.</summary>
    public static string PathIn(HomeFolder home) => home.Resolve("conf/callers.json");

    /// <summary>Takes a list, if HUB made it and it is not older than what is known.</summary>
    /// <param name="signed">The list.</param>
    /// <param name="names">Names of the peer that brings it.</param>
    /// <returns>Why it is not taken, or null.</returns>
    public Refusal? Take(SignedCallers signed, IReadOnlyList<string> names)
    {
        if (!TryVerify(signed, out var list))
        {
            return Refuse("callers.forged", "the list of callers is not signed by the key that came with it.");
        }

        lock (_taking)
        {
            // A file that people took away makes room for another hub.
            var held = File.Exists(FilePath) ? _held ?? Read(home) : null;
            var key = signed.Key.ToBase64();
            if (held is not null && held.Key != key)
            {
                return Refuse(
                    "callers.other-hub",
                    $"the list of callers comes from another Administration Hub than before. If the hub of this installation was made anew, remove {FilePath} on {server.Common.HostName}; it is asked again within seconds.");
            }

            if (held is null && letInBy() is { } hub && HostNames.TryNormalize(hub, out var name) && !names.Contains(name))
            {
                return Refuse("callers.other-hub", $"the first list of callers has to come from {hub}, which let this server into the installation.");
            }

            if (held is not null && list.Number < held.Number)
            {
                return Refuse("callers.older", "a newer list of callers is known here.");
            }

            if (held?.Number != list.Number)
            {
                held = new Held(key, list.Number, [.. list.Servers.Select(each => new HeldServer(each.Host, [.. each.Components]))]);
                PrivateFile.Replace(FilePath, JsonSerializer.SerializeToUtf8Bytes(held, _json));
                LogHeard(string.Join("; ", held.Servers.Select(each => $"{each.Host}: {string.Join(", ", each.Components)}")));
            }

            _held = held;
            return null;
        }
    }

    /// <summary>Whether a peer may make a call.</summary>
    /// <param name="method">As <c>/package.Service/Method</c>.</param>
    /// <param name="names">The peer's names that are in the list, in the order of its certificate.</param>
    /// <returns>Why not, or null.</returns>
    public Refusal? Judge(string method, IReadOnlyList<string> names)
    {
        var service = method.Split('/')[1];
        var callers = CallerTable.CallersOf(service);
        if (service == CallerTable.Callers)
        {
            return null;
        }

        if (callers.Count > 0 && _held is null)
        {
            TellNotHeard();
            return null;
        }

        var carried = Carried(names);
        if (callers.Any(carried.Contains) || (method == CallerTable.Register && carried.Count == 0))
        {
            return null;
        }

        var who = carried.Count == 0 ? "nothing" : InWords(carried);
        return Refuse("call.not-allowed", $"{service} is open to {(callers.Count == 0 ? "nobody" : InWords(callers))} only; by the hub's registry it carries {who}.");
    }

    /// <summary>Whether a peer carries a component, as far as HUB was heard.</summary>
    public bool Carries(IReadOnlyList<string> names, string component) => _held is not null && Carried(names).Contains(component);

    /// <summary>Says once that nothing narrows the list yet.</summary>
    public void TellNotHeard()
    {
        if (_held is null && Interlocked.Exchange(ref _isTold, 1) == 0)
        {
            LogNotHeard();
        }
    }

    /// <summary>What a peer carries: all components of the first of its names that is known. A further name gives no further right.</summary>
    private IReadOnlyList<string> Carried(IReadOnlyList<string> names)
    {
        var held = _held;
        HostNames.TryNormalize(server.Common.HostName, out var own);
        foreach (var name in names)
        {
            // What this server carries it knows by itself, also while HUB has not noticed it yet.
            var here = name == own ? server.Components : [];
            if (held is not null && held.ByHost.TryGetValue(name, out var there))
            {
                return [.. there.Union(here)];
            }

            if (here.Count > 0)
            {
                return here;
            }
        }

        return [];
    }

    private static Held? Read(HomeFolder home)
    {
        try
        {
            return File.Exists(PathIn(home)) ? JsonSerializer.Deserialize<Held>(File.ReadAllBytes(PathIn(home)), _json) : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // As if it had not been heard: HUB tells it again within seconds.
            return null;
        }
    }

    private static bool TryVerify(SignedCallers signed, out CallerList list)
    {
        list = new CallerList();
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(signed.Key.Span, out _);
            if (!key.VerifyData(signed.Content.Span, signed.Signature.Span, HashAlgorithmName.SHA256))
            {
                return false;
            }

            list = CallerList.Parser.ParseFrom(signed.Content);
            return list.Number > 0;
        }
        catch (Exception e) when (e is CryptographicException or InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static string InWords(IEnumerable<string> components) => string.Join(" and ", components.Select(component => component.ToUpperInvariant()));

    private static Refusal Refuse(string code, string message) => new(RefusalKind.Forbidden, code, message);

    private sealed record HeldServer(string Host, string[] Components);

    /// <param name="Key">Who may tell the next one, base64.</param>
    /// <param name="Number">It never goes back.</param>
    /// <param name="Servers">Every server that HUB knows.</param>
    private sealed record Held(string Key, long Number, HeldServer[] Servers)
    {
        [JsonIgnore]
        public FrozenDictionary<string, string[]> ByHost { get; } = Servers.GroupBy(each => each.Host).ToFrozenDictionary(each => each.Key, each => each.SelectMany(one => one.Components).Distinct().ToArray(), StringComparer.Ordinal);
    }

    [LoggerMessage(1230, LogLevel.Information, "The hub's registry was heard, and decides who may call what: {Servers}", EventName = "wiring.callers.heard")]
    private partial void LogHeard(string servers);

    [LoggerMessage(1231, LogLevel.Information, "The hub's registry was not heard yet: until then every server in SSLAllowedClients may call everything", EventName = "wiring.callers.not-heard")]
    private partial void LogNotHeard();
}
