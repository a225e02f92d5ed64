// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Joining;

/// <summary>Why a server waits for HUB.</summary>
public enum JoinPurpose
{
    /// <summary>It was just set up: it runs nothing before it is let in.</summary>
    New,

    /// <summary>It runs plain, and is to be secured with all others.</summary>
    Prepare,

    /// <summary>It belongs to the installation, and its certificate ran out while it was off.</summary>
    Renew,
}

/// <summary>What a server keeps as long as it waits to be let in: key and secret of its code, until when, and how many wrong tries are left. In <c>conf/join.json</c>, for its owner only; gone when the code was used.</summary>
public sealed class JoinTicket
{
    /// <summary>How long a code is good.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <summary>Wrong tries that end it.</summary>
    public const int Tries = 5;

    private const string Alias = "server";

    private JoinTicket(JoinPurpose purpose, byte[] secret, X509Certificate2 certificate, DateTimeOffset until, int triesLeft) =>
        (Purpose, Secret, Certificate, Until, TriesLeft) = (purpose, secret, certificate, until, triesLeft);

    /// <summary>Why it waits.</summary>
    public JoinPurpose Purpose { get; }

    /// <summary>Until when the code is good.</summary>
    public DateTimeOffset Until { get; }

    /// <summary>How many wrong tries are left.</summary>
    public int TriesLeft { get; }

    /// <summary>The code for the person.</summary>
    public JoinCode Code => JoinCode.Of(Certificate, Secret);

    internal byte[] Secret { get; }

    /// <summary>The new key in a certificate of its own signature.</summary>
    internal X509Certificate2 Certificate { get; }

    internal KeyEntry Entry => new(Alias, Certificate, []);

    /// <summary>Makes a new one in the place of any that is there.</summary>
    public static JoinTicket Create(HomeFolder home, string hostName, JoinPurpose purpose, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(home);
        var entry = NewKey.Create(Alias, [hostName], NewKeyType.Ec256, now);
        var ticket = new JoinTicket(purpose, JoinCode.NewSecret(), entry.Certificate, now + Life, Tries);
        using (Locked(home))
        {
            ticket.Save(home);
        }

        return ticket;
    }

    /// <summary>The one that is there, whether still good or not; null if none is, or none that can be read.</summary>
    public static JoinTicket? Find(HomeFolder home)
    {
        ArgumentNullException.ThrowIfNull(home);
        try
        {
            return File.Exists(PathIn(home)) ? Read(File.ReadAllBytes(PathIn(home))) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>True if somebody may still use the code.</summary>
    public bool IsGood(DateTimeOffset now) => now < Until && TriesLeft > 0;

    /// <summary>Takes one try before it is looked at, so that no number of connections at once gets more of them.</summary>
    /// <returns>The ticket as it was, or null if it is no longer good.</returns>
    internal static JoinTicket? TakeTry(HomeFolder home, DateTimeOffset now)
    {
        using (Locked(home))
        {
            var ticket = Find(home);
            if (ticket?.IsGood(now) != true)
            {
                return null;
            }

            ticket.With(ticket.TriesLeft - 1).Save(home);
            return ticket;
        }
    }

    /// <summary>Gives the try back that was no wrong one.</summary>
    internal void GiveBack(HomeFolder home)
    {
        using (Locked(home))
        {
            if (Find(home) is { } now && now.Certificate.Thumbprint == Certificate.Thumbprint)
            {
                now.With(Math.Min(Tries, now.TriesLeft + 1)).Save(home);
            }
        }
    }

    /// <summary>The code was used, or is not wanted any more.</summary>
    public static void Remove(HomeFolder home)
    {
        ArgumentNullException.ThrowIfNull(home);
        using (Locked(home))
        {
            File.Delete(PathIn(home));
        }
    }

    private static string PathIn(HomeFolder home) => home.Resolve("conf/join.json");

    // Processes of one home wait together for the same code.
    private static FileStream Locked(HomeFolder home)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(home.Resolve("conf/join.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 200)
            {
                Thread.Yield();
                Thread.SpinWait(100_000);
            }
        }
    }

    private JoinTicket With(int triesLeft) => new(Purpose, Secret, Certificate, Until, triesLeft);

    private void Save(HomeFolder home)
    {
        using var key = Certificate.GetECDsaPrivateKey()!;
        PrivateFile.Replace(PathIn(home), JsonSerializer.SerializeToUtf8Bytes(new Kept(
            Purpose.ToString(), Until.ToUnixTimeMilliseconds(), TriesLeft, Secret, Certificate.RawData, key.ExportPkcs8PrivateKey())));
    }

    private static JoinTicket? Read(byte[] content)
    {
        if (JsonSerializer.Deserialize<Kept>(content) is not { Secret: not null, Certificate: not null, Key: not null } kept || !Enum.TryParse<JoinPurpose>(kept.Purpose, out var purpose))
        {
            return null;
        }

        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(kept.Key, out _);
        using var certificate = X509CertificateLoader.LoadCertificate(kept.Certificate);
        return new JoinTicket(purpose, kept.Secret, certificate.CopyWithPrivateKey(key), DateTimeOffset.FromUnixTimeMilliseconds(kept.Until), kept.TriesLeft);
    }

    private sealed record Kept(string Purpose, long Until, int TriesLeft, byte[] Secret, byte[] Certificate, byte[] Key);
}
