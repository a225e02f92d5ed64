// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Globalization;
using System.Net;

namespace Tutti.Wiring.Configuration;

/// <summary>The address of a component's internal or tracker port.</summary>
/// <param name="Host">Host name or IP address.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record PeerAddress(string Host, int Port);

/// <summary><c>conf/server.ini</c> as a whole: the components of this server, and each one's ports.</summary>
public sealed class ServerConfiguration
{
    private const int DefaultInternalPort = 1099;

    private readonly IniFile _file;
    private readonly Dictionary<string, ServerSettings> _perComponent = [];
    private volatile PeerAddress? _followed;

    private ServerConfiguration(IniFile file, SettingsSource source)
    {
        _file = file;
        Common = source.Bind<ServerSettings>();
        foreach (var component in HomeFolder.ComponentNames)
        {
            _perComponent[component] = source.Bind<ServerSettings>(qualifier: component);
        }
    }

    /// <summary>The keys without a component behind them.</summary>
    public ServerSettings Common { get; }

    /// <summary>The components of this server in the order in which they are started.</summary>
    public IReadOnlyList<string> Components => [.. HomeFolder.ComponentNames.Where(Common.Components.Contains)];

    /// <summary>The address that the internal ports listen on: loopback where nobody outside can be meant.</summary>
    public IPAddress InternalBind =>
        Common.InternalBind.Length > 0 ? IPAddress.Parse(Common.InternalBind)
        : Components.Count == HomeFolder.ComponentNames.Count ? IPAddress.Loopback : Bind;

    /// <summary>The address that the public ports listen on.</summary>
    public IPAddress Bind => IPAddress.Parse(Common.Bind);

    /// <summary>The address under which this server reaches its own internal ports.</summary>
    public string OwnInternalHost => InternalBind.Equals(IPAddress.Any) || InternalBind.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback.ToString() : InternalBind.ToString();

    /// <summary>Where HUB is; null on a server that needs none.</summary>
    public PeerAddress? Hub
    {
        get
        {
            if (Components.Contains("hub"))
            {
                return new PeerAddress(Common.HostName, Of("hub").InternalPort);
            }

            return _followed ?? (TryReadPeer(Common.Hub, out var hub) ? hub : null);
        }
    }

    /// <summary>HUB has another server now; the next start reads it from the file.</summary>
    public void FollowHub(PeerAddress hub) => _followed = hub;

    /// <summary>The settings that count for one component.</summary>
    public ServerSettings Of(string component) => _perComponent[component];

    /// <summary>Reads <c>conf/server.ini</c>. All complaints are thrown together as a <see cref="ConfigurationException"/>.</summary>
    public static ServerConfiguration Read(HomeFolder home, IDictionary environment)
    {
        ArgumentNullException.ThrowIfNull(home);
        var file = IniFile.Read(home.ServerIni);
        var source = new SettingsSource(file, "server", environment);
        var configuration = new ServerConfiguration(file, source);

        // Each component binds the same keys: say each thing once.
        List<Complaint> complaints = [.. source.Complaints().Distinct()];
        if (complaints.Count == 0)
        {
            complaints.AddRange(configuration.Contradictions());
        }

        return complaints.Count == 0 ? configuration : throw new ConfigurationException(complaints);
    }

    /// <summary>A complaint about a key of this file, with the line where it stands.</summary>
    public Complaint Complain(string key, string message) => new(_file.Name, _file.Find(key)?.Line, key, message);

    /// <summary>Reads HOST or HOST:PORT.</summary>
    public static bool TryReadPeer(string text, out PeerAddress peer)
    {
        var colon = text.LastIndexOf(':');
        var port = DefaultInternalPort;
        var isWhole = colon < 0 || int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port);
        peer = new PeerAddress(colon < 0 ? text : text[..colon], port);
        return isWhole && peer.Host.Length > 0 && port is > 0 and <= ushort.MaxValue;
    }

    private IEnumerable<Complaint> Contradictions()
    {
        foreach (var name in Common.Components.Where(name => !HomeFolder.ComponentNames.Contains(name)))
        {
            yield return Complain(nameof(ServerSettings.Components), $"'{name}' is not a component. Allowed: lui, hub, trk, dst.");
        }

        if (!IPAddress.TryParse(Common.Bind, out _))
        {
            yield return Complain(nameof(ServerSettings.Bind), $"'{Common.Bind}' is not an IP address. Write 0.0.0.0 for all addresses.");
        }

        if (Common.InternalBind.Length > 0 && !IPAddress.TryParse(Common.InternalBind, out _))
        {
            yield return Complain(nameof(ServerSettings.InternalBind), $"'{Common.InternalBind}' is not an IP address. Write 0.0.0.0 for all addresses, or remove the line.");
        }

        var needsHub = Common.Components.Contains("lui") && !Common.Components.Contains("hub");
        if (needsHub && !TryReadPeer(Common.Hub, out _))
        {
            yield return Complain(nameof(ServerSettings.Hub), "must name the Administration Hub as HOST or HOST:PORT, because it is not on this server.");
        }

        if (!needsHub && Common.Hub.Length > 0)
        {
            yield return Complain(nameof(ServerSettings.Hub), "belongs only where the User Interface is on this server and the Hub is not. Remove the line.");
        }
    }
}
