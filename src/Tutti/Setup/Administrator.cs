// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Tutti.Hub.Accounts;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Storage;

namespace Tutti.Commands.Setup;

/// <summary>The first account, made where HUB is.</summary>
/// <param name="Account">Name to sign in with.</param>
/// <param name="Password">Its password.</param>
/// <param name="IsFresh">True if the password was made here and has to be shown.</param>
internal sealed record Administrator(string Account, string Password, bool IsFresh)
{
    private const int FreshLength = 20;

    // No letter or digit that could be taken for another one.
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>Takes the password from the first line of a file, or makes a fresh one.</summary>
    public static Administrator Of(string? passwordFile)
    {
        if (passwordFile is null)
        {
            return new Administrator(FirstAdministrator.ProposedName, RandomNumberGenerator.GetString(Alphabet, FreshLength), IsFresh: true);
        }

        if (!File.Exists(passwordFile))
        {
            throw new Complaint(ExitCode.Refused, $"The password file {passwordFile} does not exist.");
        }

        var password = File.ReadLines(passwordFile).FirstOrDefault() ?? "";
        return new Administrator(FirstAdministrator.ProposedName, password, IsFresh: false);
    }

    /// <summary>Puts the account into HUB's database.</summary>
    /// <exception cref="Complaint">HUB refuses it, for example because the password is too short.</exception>
    public async Task Create(HomeFolder home, TimeProvider clock, CancellationToken cancellationToken)
    {
        var source = new SettingsSource(IniFile.Read(home.ComponentIni("hub")), HomeFolder.IniName("hub"), Environment.GetEnvironmentVariables());
        await using var database = DatabaseRegistration.Open(source.Bind<DatabaseSettings>(), home.Component("hub"), "hub.sqlite");
        var created = await FirstAdministrator.Create(database, Account, Password, clock, cancellationToken);
        if (created.IsRefused)
        {
            throw new Complaint(ExitCode.Refused, created.Refusal.Message);
        }
    }
}
