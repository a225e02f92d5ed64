// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Tutti.Dst.Returns;
using Tutti.Dst.Signing;
using Tutti.Dst.Smtp;
using Tutti.Dst.Smtp.Destinations;
using Tutti.Dst.SourceAddresses;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.SenderDomains;

/// <summary>The checks of sender domains for commands: with the settings of a home, whether the distributor runs or not.</summary>
public sealed class SenderDomainCheck
{
    private readonly CheckDomain _check;

    private SenderDomainCheck(CheckDomain check) => _check = check;

    /// <summary>Prepares the checks.</summary>
    /// <param name="home">A home with a distributor.</param>
    /// <param name="environment">The process's environment variables.</param>
    /// <exception cref="ConfigurationException">The settings are wrong.</exception>
    public static SenderDomainCheck At(HomeFolder home, IDictionary environment)
    {
        ArgumentNullException.ThrowIfNull(home);
        var source = new SettingsSource(IniFile.Read(home.ComponentIni("dst")), HomeFolder.IniName("dst"), environment);
        var (routes, smtp, domains, returns) = (source.Bind<RouteSettings>(), source.Bind<SmtpSettings>(), source.Bind<SenderDomainSettings>(), source.Bind<ReturnSettings>());

        // Keys that were not asked for here belong to other parts of the distributor.
        var asked = source.Declared.Select(declared => declared.Setting.Key).ToHashSet(StringComparer.Ordinal);
        if (source.Complaints().Where(complaint => complaint.Key is { } key && asked.Contains(key)).ToList() is { Count: > 0 } complaints)
        {
            throw new ConfigurationException(complaints);
        }

        var sources = CurrentSources.Read(Path.Combine(home.Component("dst").Path, CurrentSources.FileName), smtp.Sources, out var inSources);
        if (inSources.Count > 0)
        {
            throw new ConfigurationException(inSources);
        }

        var folder = DkimKeyStore.FolderIn(home.Component("dst").Data);
        var host = ServerConfiguration.Read(home, environment).Common.HostName;
        return new(new CheckDomain(
            new DomainRecords(MailExchangers.ClientFor(routes)),
            domain => DkimKeyStore.List(folder, domain),
            SendingAddresses.Of(domains, smtp, sources.All, routes.Mode, returns.ReturnDomain, host)));
    }

    /// <summary>Everything that receivers look at.</summary>
    public Task<IReadOnlyList<Finding>> Handle(string domain, CancellationToken cancellationToken) => _check.Handle(domain, cancellationToken);

    /// <summary>Only the keys and their records.</summary>
    public Task<IReadOnlyList<Finding>> CheckDkim(string domain, CancellationToken cancellationToken) => _check.CheckDkim(domain.ToLowerInvariant(), cancellationToken);

    /// <summary>Whether the record of one key is published as it should be; null if there is no such key.</summary>
    public Task<Finding?> CheckKey(string domain, string selector, CancellationToken cancellationToken) => _check.CheckKey(domain, selector, cancellationToken);
}
