// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;

namespace Tutti.Dst.Smtp.Encryption;

/// <summary>Connections to receivers since the start: encrypted, in the clear, and those that a policy did not allow. By domain and day: <see cref="TlsLedger"/>.</summary>
internal sealed class SessionFigures : IDisposable
{
    private readonly Meter _meter = new("Tutti.Dst");
    private readonly Counter<long> _sessions;
    private readonly Counter<long> _unmet;
    private long _encrypted;
    private long _plain;
    private long _refused;

    public SessionFigures()
    {
        _sessions = _meter.CreateCounter<long>("tutti.dst.sessions", description: "Connections to receivers by encryption");
        _unmet = _meter.CreateCounter<long>("tutti.dst.policy_failures", description: "Hosts that were not used because they did not meet an encryption policy");
    }

    /// <summary>Encrypted ones.</summary>
    public long Encrypted => Volatile.Read(ref _encrypted);

    /// <summary>Those in the clear.</summary>
    public long Plain => Volatile.Read(ref _plain);

    /// <summary>How often a host was not used because it did not meet what its policy, or the setting for the smarthost, demands.</summary>
    public long Unmet => Volatile.Read(ref _refused);

    /// <summary>A connection is ready for mail.</summary>
    public void Count(bool isEncrypted)
    {
        Interlocked.Increment(ref isEncrypted ? ref _encrypted : ref _plain);
        _sessions.Add(1, new KeyValuePair<string, object?>("encryption", isEncrypted ? "tls" : "plain"));
    }

    /// <summary>A host does not meet its demand.</summary>
    public void CountUnmet(TlsPolicyKind kind)
    {
        Interlocked.Increment(ref _refused);
        _unmet.Add(1, new KeyValuePair<string, object?>("policy", kind switch { TlsPolicyKind.Sts => "mta-sts", TlsPolicyKind.Tlsa => "dane", TlsPolicyKind.None => "setting" }));
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
