// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using Tutti.Dst.Smtp.Encryption;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Storage;

namespace Tutti.Commands.Tls;

/// <summary><c>tutti tls report</c>: how well connections to receivers were encrypted.</summary>
internal static class TlsCommand
{
    private static readonly string[] _headings = ["domain", "policy", "host", "result", "sessions"];

    /// <summary>The command for the tree.</summary>
    public static Command Create()
    {
        var home = HomeOption.Create();
        var day = new Option<DateOnly?>("--day")
        {
            Description = "The day in UTC. Default: today.",
            HelpName = "YYYY-MM-DD",
            CustomParser = static result =>
            {
                if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read))
                {
                    return read;
                }

                result.AddError($"'{result.Tokens[0].Value}' is no day. Write YYYY-MM-DD.");
                return null;
            },
        };
        var report = new Command("report", "Prints how many connections to receivers were encrypted as policies want it, by domain, host and result (the terms of RFC 8460).") { home, day };
        report.SetAction((parsed, cancellationToken) => Run(
            HomeOption.Existing(parsed.GetRequiredValue(home)), parsed.GetValue(day), parsed.InvocationConfiguration.Output, cancellationToken));
        return new Command("tls", "Encryption of connections to receivers.") { report };
    }

    private static async Task<int> Run(HomeFolder home, DateOnly? day, TextWriter output, CancellationToken cancellationToken)
    {
        var folder = home.Component("dst");
        if (!Directory.Exists(folder.Path))
        {
            throw new Complaint(ExitCode.Refused, $"{home.Path} carries no distributor, which counts what it sends. Run this on the server with dst.");
        }

        var source = new SettingsSource(IniFile.Read(home.ComponentIni("dst")), HomeFolder.IniName("dst"), Environment.GetEnvironmentVariables());
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var sessions = await Read(source.Bind<DatabaseSettings>(), folder, day ?? today, cancellationToken);
        List<string[]> rows =
        [
            _headings,
            .. sessions.Select(row => new[] { Or(row.Domain, "(all without a policy)"), row.Policy, Or(row.Host, "-"), row.Result, row.Sessions.ToString(CultureInfo.InvariantCulture) }),
        ];
        var widths = Enumerable.Range(0, _headings.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            await output.WriteLineAsync(string.Join("  ", row.Select((text, column) => text.PadRight(widths[column]))).TrimEnd());
        }

        return ExitCode.Done;
    }

    private static async Task<IReadOnlyList<CountedSessions>> Read(DatabaseSettings settings, ComponentFolder folder, DateOnly day, CancellationToken cancellationToken)
    {
        try
        {
            return await TlsReport.Of(settings, folder, day, cancellationToken);
        }
        catch (DbException failure)
        {
            throw new Complaint(ExitCode.Unavailable, $"The distributor's database cannot be read: {failure.Message} It is brought up to date when the distributor starts.");
        }
    }

    private static string Or(string text, string otherwise) => text.Length > 0 ? text : otherwise;
}
