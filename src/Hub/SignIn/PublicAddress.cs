// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using Tutti.Wiring.Configuration;

namespace Tutti.Hub.SignIn;

/// <summary>Where people find the hub's pages.</summary>
internal sealed record PublicAddressSettings
{
    [Description("Address under which people reach the Administration Hub, without /hub, such as https://admin.example.com. Empty: this server's host name and web port.")]
    public Uri? PublicUrl { get; init; }
}

/// <summary>The hub's address for people.</summary>
internal sealed class PublicAddress(ServerConfiguration server, PublicAddressSettings settings)
{
    /// <summary>Without a slash at the end.</summary>
    public string PublicUrl => (settings.PublicUrl ?? new UriBuilder(server.Of("hub").PublicScheme, server.Common.HostName, server.Of("hub").WebPort).Uri).ToString().TrimEnd('/');
}
