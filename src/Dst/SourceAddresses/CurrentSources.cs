// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.SourceAddresses;

/// <summary>The addresses and pools that count now: those of <c>sources.ini</c> in the distributor's folder, or of the setting Sources. A file that changes is read again.</summary>
internal sealed partial class CurrentSources
{
    private static readonly TimeSpan _every = TimeSpan.FromSeconds(2);
    private readonly string _path;
    private readonly string[] _setting;
    private readonly ILogger<CurrentSources> _logger;
    private DateTime _changedAt;
    private DateTimeOffset _nextLook;

    /// <summary>Reads the file.</summary>
    /// <exception cref="ConfigurationException">It has mistakes.</exception>
    public CurrentSources(string folder, string[] setting, ILogger<CurrentSources> logger)
    {
        (_path, _setting, _logger) = (Path.Combine(folder, FileName), setting, logger);
        _changedAt = ChangedAt();
        Now = Read(_path, setting, out var complaints);
        if (complaints.Count > 0)
        {
            throw new ConfigurationException(complaints);
        }
    }

    /// <summary>The file's name.</summary>
    public static string FileName => "sources.ini";

    /// <summary>What counts.</summary>
    public SourcePools Now { get; private set; }

    /// <summary>What is wrong with the file as it stands; what it said before counts until it is mended.</summary>
    public IReadOnlyList<Complaint> Complaints { get; private set; } = [];

    /// <summary>Reads a file, or takes the setting where there is none.</summary>
    public static SourcePools Read(string path, string[] setting, out IReadOnlyList<Complaint> complaints)
    {
        complaints = [];
        return File.Exists(path) ? SourcePools.Of(IniFile.Read(path), out complaints) : SourcePools.Of(setting);
    }

    /// <summary>Looks whether the file has changed, every other second at most. One caller at a time.</summary>
    /// <returns>True if other addresses, pools or plans count now.</returns>
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
        var read = Read(_path, _setting, out var complaints);
        Complaints = complaints;
        if (complaints.Count > 0)
        {
            LogRefused(string.Join(' ', complaints));
            return false;
        }

        Now = read;
        LogRead();
        return true;
    }

    // The year 1601 where there is no file.
    private DateTime ChangedAt() => File.GetLastWriteTimeUtc(_path);

    [LoggerMessage(5550, LogLevel.Information, "sources.ini has changed and counts from now on", EventName = "dst.sources.read")]
    private partial void LogRead();

    [LoggerMessage(5551, LogLevel.Error, "sources.ini has mistakes; what it said before goes on counting. {Complaints}", EventName = "dst.sources.refused")]
    private partial void LogRefused(string complaints);
}
