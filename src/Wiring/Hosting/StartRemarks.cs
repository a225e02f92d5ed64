// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Hosting;

/// <summary>What a start finds strange in <c>conf/server.ini</c>, without being kept from anything by it.</summary>
internal sealed partial class StartRemarks(ServerConfiguration configuration, ILogger logger)
{
    /// <summary>Settings that have no effect on this server.</summary>
    public void TellWithoutEffect()
    {
        if (!configuration.Components.Contains("trk")
            && configuration.Complain(nameof(ServerSettings.TrackerPort), "has no effect here: this server has no tracker.") is { Line: not null } remark)
        {
            LogWithoutEffect(remark.ToString());
        }
    }

    /// <summary>A name that leads elsewhere: the certificate counts all the same, but people should know why others do not find this server.</summary>
    public async Task LookUpOwnName(CancellationToken cancellationToken)
    {
        if (!HostNames.TryNormalize(configuration.Common.HostName, out var name))
        {
            return;
        }

        try
        {
            if ((await OwnAddresses.Of(name, cancellationToken)).Remark is { } remark)
            {
                LogLeadsElsewhere(remark);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process ends before the look-up does.
        }
    }

    [LoggerMessage(1017, LogLevel.Warning, "{Remark}", EventName = "wiring.server.without-effect")]
    private partial void LogWithoutEffect(string remark);

    [LoggerMessage(1018, LogLevel.Warning, "{Remark}", EventName = "wiring.server.name-leads-elsewhere")]
    private partial void LogLeadsElsewhere(string remark);
}
