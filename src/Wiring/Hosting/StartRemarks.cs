// SPDX-License-Identifier: Apache-2.0
using System.Net;
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

    /// <summary>A machine that is called otherwise: nothing follows from it, but who looks for a server by that name wonders.</summary>
    public void TellOtherName()
    {
        var machine = Dns.GetHostName();
        var own = configuration.Common.HostName;
        if (own != "localhost" && !IPAddress.TryParse(own, out _) && !string.Equals(machine.Split('.')[0], own.Split('.')[0], StringComparison.OrdinalIgnoreCase))
        {
            LogOtherName(machine, own);
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

    [LoggerMessage(1019, LogLevel.Information, "This machine calls itself {Machine}; among the servers of the installation it goes by {HostName} (HostName in conf/server.ini), which is the name that counts", EventName = "wiring.server.other-name")]
    private partial void LogOtherName(string machine, string hostName);

    [LoggerMessage(1018, LogLevel.Warning, "{Remark}", EventName = "wiring.server.name-leads-elsewhere")]
    private partial void LogLeadsElsewhere(string remark);
}
