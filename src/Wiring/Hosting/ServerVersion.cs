// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Wiring.Hosting;

/// <summary>The version of this executable.</summary>
public static class ServerVersion
{
    /// <summary>As a server tells it: without the build's own mark.</summary>
    public static string Own => ServerSelf.Version;
}
