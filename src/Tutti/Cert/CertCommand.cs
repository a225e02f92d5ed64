// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Commands.Cluster;

namespace Tutti.Commands.Cert;

/// <summary><c>tutti cert</c>: certificates for the connections between the servers, without Java.</summary>
internal static class CertCommand
{
    /// <summary>The command for the tree.</summary>
    public static Command Create() => new("cert", "Certificates for the connections between the servers.")
    {
        SecureTrustCommand.Create(),
        CreateCommand.Create(),
        RequestCommand.Create(),
        InstallCommand.Create(),
        TrustCommand.Create(),
        ShowCommand.Create(),
        CheckCommand.Create(),
        ReloadCommand.Create(),
        RenewCommand.Create(),
    };
}
