// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Transport;

namespace Tutti.Hub.Components;

/// <summary>
/// Tells every server which server carries which components, so that each knows who may call what: at once when a server is
/// added, moved or removed, and to one that was away as soon as it answers. Only over secured connections: on plain ones
/// nobody is known.
/// </summary>
internal sealed partial class HandDownCallers(ServerStore servers, RegistryKeyStore keys, Peers peers, TimeProvider clock, ILogger<HandDownCallers> logger) : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentDictionary<(string Host, int Port), long> _heard = new();
    private readonly ConcurrentDictionary<(string Host, int Port), string> _refused = new();
    private (CallerList List, SignedCallers Signed)? _current;

    /// <summary>A server said which list it has.</summary>
    public void Heard(string host, int port, long number) => _heard[(host, port)] = number;

    /// <summary>Tells all that answer and have another list than the one of this moment.</summary>
    public async Task Handle(CancellationToken cancellationToken)
    {
        if (!peers.AreSecured)
        {
            return;
        }

        var known = await servers.All(cancellationToken);
        var (list, signed) = await Make(known, cancellationToken);
        await Task.WhenAll(known
            .Where(server => server.Answers && _heard.GetValueOrDefault((server.Host, server.Port)) != list.Number)
            .Select(server => Tell(server.Host, server.Port, signed, cancellationToken)));
    }

    /// <summary>Tells one server; true if it has the list of this moment now.</summary>
    public async Task<bool> Tell(string host, int port, CancellationToken cancellationToken)
    {
        if (!peers.AreSecured)
        {
            return false;
        }

        var (_, signed) = await Make(await servers.All(cancellationToken), cancellationToken);
        return await Tell(host, port, signed, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<bool> Tell(string host, int port, SignedCallers signed, CancellationToken cancellationToken)
    {
        try
        {
            var client = new Callers.CallersClient(peers.Dial(host, port));
            var reply = await client.TellAsync(signed, deadline: clock.GetUtcNow().UtcDateTime + _patience, cancellationToken: cancellationToken);
            Heard(host, port, reply.Number);
            _refused.TryRemove((host, port), out _);
            return true;
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            // The next look tries again; who is away is said elsewhere, and an older version has no ear for it.
            if (failure.StatusCode == StatusCode.PermissionDenied && _refused.GetValueOrDefault((host, port)) != failure.Status.Detail)
            {
                _refused[(host, port)] = failure.Status.Detail;
                LogRefused(host, port, failure.Status.Detail);
            }

            return false;
        }
    }

    private async Task<(CallerList List, SignedCallers Signed)> Make(IReadOnlyList<KnownServer> known, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var entries = Entries(known);
            var newest = known.Max(server => (long?)_heard.GetValueOrDefault((server.Host, server.Port))) ?? 0;
            if (_current is { } current && current.List.Servers.SequenceEqual(entries) && newest <= current.List.Number)
            {
                return current;
            }

            // It grows also where the clock went back, or another hub's copy of the database had gone on.
            var list = new CallerList { Number = Math.Max(clock.GetUtcNow().ToUnixTimeMilliseconds(), Math.Max(newest, _current?.List.Number ?? 0) + 1), Servers = { entries } };
            using var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(await keys.Secret(cancellationToken), out _);
            var content = list.ToByteArray();
            var made = (list, new SignedCallers
            {
                Content = ByteString.CopyFrom(content),
                Signature = ByteString.CopyFrom(key.SignData(content, HashAlgorithmName.SHA256)),
                Key = ByteString.CopyFrom(key.ExportSubjectPublicKeyInfo()),
            });
            _current = made;
            return made;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>One entry per name, whatever number of processes stand under it.</summary>
    private static List<Caller> Entries(IEnumerable<KnownServer> known) =>
    [
        .. known
            .Select(server => (Host: HostNames.TryNormalize(server.Host, out var name) ? name : "", server.Components))
            .Where(server => server.Host.Length > 0)
            .GroupBy(server => server.Host)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new Caller { Host = group.Key, Components = { group.SelectMany(server => server.Components).Select(component => component.Name).Distinct().Order(StringComparer.Ordinal) } }),
    ];

    [LoggerMessage(2204, LogLevel.Warning, "{Host}:{Port} does not take the list of who may call what: {Problem}", EventName = "hub.callers.refused")]
    private partial void LogRefused(string host, int port, string problem);
}
