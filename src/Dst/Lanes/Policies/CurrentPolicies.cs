// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Lanes.Policies;

/// <summary>The policies that count now: those of <c>lanes.ini</c> in the distributor's folder, or the shipped ones. A file that changes is read again.</summary>
internal sealed partial class CurrentPolicies
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(2);
    private readonly string _path;
    private readonly LaneSettings _settings;
    private readonly ILogger<CurrentPolicies> _logger;
    private readonly Func<LanePolicies, LanePolicies> _adapt;
    private DateTime _changedAt;
    private DateTimeOffset _nextLook;

    /// <summary>Reads the file.</summary>
    /// <param name="folder">The distributor's folder.</param>
    /// <param name="settings">What counts for all lanes.</param>
    /// <param name="logger">Is told when the file changes.</param>
    /// <param name="adapt">What becomes of the policies before they count; null: nothing.</param>
    /// <exception cref="ConfigurationException">It has mistakes.</exception>
    public CurrentPolicies(string folder, LaneSettings settings, ILogger<CurrentPolicies> logger, Func<LanePolicies, LanePolicies>? adapt = null)
    {
        (_path, _settings, _logger, _adapt) = (Path.Combine(folder, FileName), settings, logger, adapt ?? (static policies => policies));
        _changedAt = ChangedAt();
        Now = _adapt(Read(_path, settings, out var complaints));
        if (complaints.Count > 0)
        {
            throw new ConfigurationException(complaints);
        }
    }

    /// <summary>The file's name.</summary>
    public static string FileName => "lanes.ini";

    /// <summary>What counts.</summary>
    public LanePolicies Now { get; private set; }

    /// <summary>What is wrong with the file as it stands; the policies from before count until it is mended.</summary>
    public IReadOnlyList<Complaint> Complaints { get; private set; } = [];

    /// <summary>Reads a file, or the shipped one where there is none.</summary>
    public static LanePolicies Read(string path, LaneSettings settings, out IReadOnlyList<Complaint> complaints) =>
        LanePolicies.Of(File.Exists(path) ? IniFile.Read(path) : IniFile.Parse(FileName, LanePolicies.Shipped), settings, out complaints);

    /// <summary>Looks whether the file has changed, every other second at most. One caller at a time.</summary>
    /// <returns>True if other policies count now.</returns>
    public bool LookAgain(DateTimeOffset now)
    {
        if (now < _nextLook)
        {
            return false;
        }

        _nextLook = now + _every;
        var changedAt = ChangedAt();
        if (changedAt == _changedAt)
        {
            return false;
        }

        _changedAt = changedAt;
        var read = Read(_path, _settings, out var complaints);
        Complaints = complaints;
        if (complaints.Count > 0)
        {
            LogRefused(string.Join(' ', complaints));
            return false;
        }

        Now = _adapt(read);
        LogRead();
        return true;
    }

    // The year 1601 where there is no file.
    private DateTime ChangedAt() => File.GetLastWriteTimeUtc(_path);

    [LoggerMessage(5530, LogLevel.Information, "lanes.ini has changed and counts from now on", EventName = "dst.lanes.policies-read")]
    private partial void LogRead();

    [LoggerMessage(5531, LogLevel.Error, "lanes.ini has mistakes; what it said before goes on counting. {Complaints}", EventName = "dst.lanes.policies-refused")]
    private partial void LogRefused(string complaints);
}
