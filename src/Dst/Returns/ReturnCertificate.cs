// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Returns;

/// <summary>The certificate that the return domain shows: that of the keystore for HTTPS in server.ini (<c>HttpsKeystorePath.dst</c>). Read again when the file has changed.</summary>
internal sealed partial class ReturnCertificate
{
    private readonly Lock _turn = new();
    private readonly string _path;
    private readonly string _password;
    private readonly string _name;
    private readonly ILogger _logger;
    private SslStreamCertificateContext? _context;
    private DateTime _changed;

    private ReturnCertificate(string path, string password, string name, ILogger logger) => (_path, _password, _name, _logger) = (path, password, name, logger);

    /// <summary>Reads it; null if the server has none.</summary>
    /// <exception cref="ConfigurationException">It cannot be read.</exception>
    public static ReturnCertificate? Read(HomeFolder home, ServerConfiguration server, string name, ILogger logger)
    {
        var settings = server.Of(Distributor.Name);
        if (settings.HttpsKeystorePath.Length == 0)
        {
            return null;
        }

        var certificate = new ReturnCertificate(home.Resolve(settings.HttpsKeystorePath), settings.HttpsKeystorePassword.Reveal(), name, logger);
        return certificate.Load() is { } problem
            ? throw new ConfigurationException([server.Complain(nameof(ServerSettings.HttpsKeystorePath), problem)])
            : certificate;
    }

    /// <summary>For the next client. A changed file that cannot be read is told, and the old certificate stays in use.</summary>
    public SslStreamCertificateContext Current()
    {
        lock (_turn)
        {
            if (File.GetLastWriteTimeUtc(_path) != _changed && Load() is { } problem)
            {
                LogNotTakenUp(problem);
            }

            return _context!;
        }
    }

    private string? Load()
    {
        _changed = File.GetLastWriteTimeUtc(_path);
        if (!Keystore.Read(_path, _password).Is(out var keystore, out var refusal))
        {
            return refusal.Message;
        }

        if (keystore.Keys.OrderByDescending(key => key.Certificate.MatchesHostname(_name)).FirstOrDefault() is not { } entry)
        {
            return $"{_path} holds no private key with a certificate.";
        }

        _context = SslStreamCertificateContext.Create(entry.Certificate, [.. entry.Chain], offline: true);
        return null;
    }

    [LoggerMessage(5705, LogLevel.Warning, "The certificate of the return domain was not taken up: {Problem}", EventName = "dst.returns.certificate-refused")]
    private partial void LogNotTakenUp(string problem);
}
