// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Commands.Cert;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Certificates.Issuing;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Joining;

namespace Tutti.Commands.Cluster;

/// <summary><c>tutti cert renew --code</c>: the way back for a server whose certificate ran out while it was off, so that the hub could not renew it.</summary>
internal static class RenewCommand
{
    public static Command Create()
    {
        var home = HomeOption.Create();
        var code = new Option<bool>("--code") { Description = "Print a code for the hub, because nobody can call this server any more. The server must not be running.", Required = true };
        var anew = new Option<bool>("--anew") { Description = "Also if the old certificate is good for a while yet, for example because it was revoked." };
        var command = new Command("renew", "Gets a new certificate from the installation's authority for a server whose old one ran out while it was off, or was revoked.") { home, code, anew };
        command.SetAction((parsed, token) => Run(HomeOption.Existing(parsed.GetRequiredValue(home)), parsed.GetValue(anew), parsed.InvocationConfiguration.Output, token));
        return command;
    }

    private static async Task<int> Run(HomeFolder home, bool anew, TextWriter output, CancellationToken cancellationToken)
    {
        var environment = Environment.GetEnvironmentVariables();
        var server = ServerConfiguration.Read(home, environment);
        var files = new ClusterHome(home, environment, TimeProvider.System);
        if (files.Hub is not { } hub || !files.IsSecured)
        {
            throw new Complaint(ExitCode.Refused, "This server was not let in by an authority of the installation's own. Ask yours for a certificate: tutti cert request");
        }

        if (!anew && files.Certificate is { } certificate && certificate.NotAfter.ToUniversalTime() > TimeProvider.System.GetUtcNow().UtcDateTime)
        {
            throw new Complaint(ExitCode.Refused, $"The certificate of this server is good until {CertificateText.Moment(certificate.NotAfter)}; while it runs the hub renews it in time. If it was revoked: tutti cert renew --code --anew");
        }

        if (HostNames.TryNormalize(server.Common.HostName, out var own) && own == hub)
        {
            return RenewHub(home, files, own, output);
        }

        JoinCodes.Print(home, server, JoinPurpose.Renew, output);
        return await WaitForJoin.Run(home, environment, TimeProvider.System, cancellationToken)
            ? Done(home, output)
            : throw new Complaint(ExitCode.Refused, "The code is over: it is too old, or was guessed at too often. Give this command again for a new one.");
    }

    /// <summary>The authority's key is here: nobody has to be asked. The hub, once it runs, puts one in its place that it has in its records.</summary>
    private static int RenewHub(HomeFolder home, ClusterHome files, string own, TextWriter output)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authority = CertificateAuthority.Read(home.Component("hub").Data).OrComplain();
        var certificate = authority.Sign(files.RequestRenewal().OrComplain(), own, now, CertificateAuthority.CertificateLife).OrComplain();
        files.InstallRenewal(certificate, [authority.Root]).OrComplain();
        return Done(home, output);
    }

    private static int Done(HomeFolder home, TextWriter output)
    {
        output.WriteLine($"The certificate is renewed. Start the server: tutti run --home {home.Path}");
        return ExitCode.Done;
    }
}
