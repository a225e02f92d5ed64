// SPDX-License-Identifier: Apache-2.0
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Corridor.Ini;

/// <summary><c>commands/ssl.ini</c> as it was accepted.</summary>
/// <param name="AllowedClients">Host names of all servers of the installation, normalised, each once.</param>
/// <param name="KeystorePath">Absolute path.</param>
/// <param name="KeystorePassword">Opens the keystore and its key.</param>
/// <param name="KeystoreLine">Where the path stands.</param>
/// <param name="PasswordLine">Where the password stands.</param>
/// <param name="PasswordHint">What may be wrong with the password if it does not fit; empty if nothing catches the eye.</param>
internal sealed record SslIni(
    IReadOnlyList<string> AllowedClients, string KeystorePath, Secret KeystorePassword, int KeystoreLine, int PasswordLine, string PasswordHint)
{
    /// <summary>The file's name in complaints.</summary>
    public const string Name = "commands/ssl.ini";

    public const string ClientsKey = "SSLAllowedClients";

    public const string PathKey = "SSLKeystorePath";

    public const string PasswordKey = "SSLKeystorePassword";
}

/// <summary>What reading <c>commands/ssl.ini</c> came to.</summary>
/// <param name="Exists">False: this server is plain. True with refusals: it may not start.</param>
/// <param name="Ini">The file, if nothing in it is refused.</param>
/// <param name="Refusals">All that is wrong, each with its code.</param>
/// <param name="Warnings">What should be mended but does not stop the start.</param>
internal sealed record SslIniReading(bool Exists, SslIni? Ini, IReadOnlyList<Complaint> Refusals, IReadOnlyList<Complaint> Warnings);
