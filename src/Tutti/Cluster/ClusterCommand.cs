// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace Tutti.Commands.Cluster;

/// <summary><c>tutti cluster</c>: an authority of the installation's own, and how its servers get their certificates from it.</summary>
internal static class ClusterCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create() => new("cluster", "Secures the connections between the servers with an authority of the installation's own.")
    {
        InitCommand.Create(),
        PrepareCommand.Create(),
        SwitchCommand.Create(),
        RenewNowCommand.Create(),
        RevokeCommand.Create(),
        RotateCommand.Create(),
        AnnounceCommand.Create(),
        ExportCommand.Create(),
        RestoreCommand.Create(),
    };
}
