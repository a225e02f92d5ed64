// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tutti.Wiring.Configuration;

/// <summary><c>conf/server.ini</c>: what this server is. A key with a component behind a dot (<c>InternalPort.hub</c>) counts for that component where it runs in a process of its own.</summary>
public sealed record ServerSettings
{
    /// <summary>The components this server runs.</summary>
    [Required, MinLength(1), Description("The components that this server runs: lui, hub, trk, dst, separated by commas.")]
    public string[] Components { get; init; } = [];

    /// <summary>The name under which the other servers reach this one.</summary>
    [Description("The host name under which the other servers reach this one.")]
    public string HostName { get; init; } = "localhost";

    /// <summary>Address that the ports listen on; the internal ones only where not all four components are on this server.</summary>
    [Description("The address to listen on; 0.0.0.0 for all.")]
    public string Bind { get; init; } = "0.0.0.0";

    /// <summary>Address that the internal port and the tracker port listen on; empty for 127.0.0.1 where all four components are here, else <see cref="Bind"/>.</summary>
    [Description("The address that the internal port and the tracker port listen on. Empty: 127.0.0.1 where all four components run on this server, else as Bind. Written when the first server on another host is added.")]
    public string InternalBind { get; init; } = "";

    /// <summary>Port for the components among themselves.</summary>
    [Range(1, 65535), Description("Port on which the components talk to each other.")]
    public int InternalPort { get; init; } = 1099;

    /// <summary>Port for links to and events from the tracker.</summary>
    [Range(1, 65535), Description("Port on which the tracker takes links and hands over events.")]
    public int TrackerPort { get; init; } = 7000;

    /// <summary>Port for people at work.</summary>
    [Range(1, 65535), Description("Port of the web pages and the REST interface.")]
    public int WebPort { get; init; } = 8080;

    /// <summary>The tracker's public port.</summary>
    [Range(1, 65535), Description("Port on which the tracker answers opens, clicks and unsubscribes.")]
    public int TrackerWebPort { get; init; } = 8081;

    /// <summary>Port of the SMTP receiver.</summary>
    [Range(1, 65535), Description("Port on which the distributor takes bounces.")]
    public int SmtpPort { get; init; } = 2525;

    /// <summary>Where HUB is, only where LUI is here and HUB is not.</summary>
    [Description("HOST or HOST:PORT of the Administration Hub. Only where the User Interface is on this server and the Hub is not.")]
    public string Hub { get; init; } = "";

    /// <summary>The keystore with the certificates of the authorities whose servers are trusted.</summary>
    [Description("The keystore with the root certificates that this server trusts; a relative path counts from the installation folder.")]
    public string TrustedRootsPath { get; init; } = "conf/trusted-roots.p12";

    /// <summary>The password of <see cref="TrustedRootsPath"/>.</summary>
    [Description("The password of the trusted roots. Without an entry the well-known one they are shipped with, changeit; tutti cert secure-trust changes it.")]
    public Secret TrustedRootsPassword { get; init; } = new("changeit");

    /// <summary>True if a certificate that may only serve is good for calling too.</summary>
    [Description("Accept a certificate that lacks the use clientAuth also from servers that call, and as this server's own: public authorities leave it out. The same on all servers.")]
    public bool AcceptServerOnlyCertificates { get; init; }

    /// <summary>Keystore for HTTPS; empty for HTTP.</summary>
    [Description("The keystore with the certificate for HTTPS on the web port; HttpsKeystorePath.trk for the tracker's public port. Empty: HTTP. A relative path counts from the installation folder.")]
    public string HttpsKeystorePath { get; init; } = "";

    /// <summary>How people's addresses begin where no other is set: https or http.</summary>
    public string PublicScheme => HttpsKeystorePath.Length > 0 ? "https" : "http";

    /// <summary>Password of the keystore for HTTPS.</summary>
    [Description("The password of the keystore for HTTPS.")]
    public Secret HttpsKeystorePassword { get; init; } = new("");
}
