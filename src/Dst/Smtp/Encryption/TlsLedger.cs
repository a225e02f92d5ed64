// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Dst.Smtp.Encryption;

/// <summary>Counts sessions by domain, policy, host and result (RFC 8460), until they are written to the store. Domains without a policy are counted as one.</summary>
internal sealed class TlsLedger(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private Dictionary<TlsLine, long> _counts = [];

    /// <summary>A session began, or did not come about.</summary>
    /// <param name="demand">What was to be met.</param>
    /// <param name="host">The receiver; empty if it did not come so far.</param>
    /// <param name="failure">Null if all was well.</param>
    public void Count(TlsDemand demand, string host, TlsFailure? failure)
    {
        var day = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var line = new TlsLine(day, demand.Domain, demand.Kind, demand.Kind == TlsPolicyKind.None ? "" : host, failure.Word());
        lock (_gate)
        {
            _counts[line] = _counts.GetValueOrDefault(line) + 1;
        }
    }

    /// <summary>What was counted since the last call.</summary>
    public IReadOnlyDictionary<TlsLine, long> Take()
    {
        lock (_gate)
        {
            var taken = _counts;
            _counts = [];
            return taken;
        }
    }

    /// <summary>Takes back what could not be written.</summary>
    public void GiveBack(IReadOnlyDictionary<TlsLine, long> counts)
    {
        lock (_gate)
        {
            foreach (var (line, count) in counts)
            {
                _counts[line] = _counts.GetValueOrDefault(line) + count;
            }
        }
    }
}

/// <summary>What sessions are counted by.</summary>
/// <param name="Day">In UTC.</param>
/// <param name="Domain">Whose policy it is; empty where there is none.</param>
/// <param name="Kind">What kind of policy.</param>
/// <param name="Host">The receiver, where there is a policy.</param>
/// <param name="Result">A result type of RFC 8460, or "successful".</param>
internal readonly record struct TlsLine(DateOnly Day, string Domain, TlsPolicyKind Kind, string Host, string Result);
