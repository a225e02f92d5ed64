// SPDX-License-Identifier: Apache-2.0
using Dapper;
using Tutti.Dst;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Commands.Tests.Tls;

public sealed class TlsCommandTests
{
    [Fact]
    public async Task The_sessions_of_a_day_are_printed_by_domain_host_and_result()
    {
        using var folder = new TemporaryFolder();
        (await Terminal.Run("setup", "--home", folder.Path, "--components", "dst", "--host", "dst.example")).Expect(ExitCode.Done);
        Directory.CreateDirectory(folder.File("dst/data"));
        await using (var database = Database.OnSqlite(folder.File("dst/data/dst.sqlite")))
        {
            database.Migrate(typeof(Distributor).Assembly);
            await using var connection = await database.Open(TestContext.Current.CancellationToken);
            await connection.ExecuteAsync(
                "INSERT INTO tls_session (day, domain, policy, host, result, sessions) VALUES (@day, 'news.example', 'sts', 'mx.example', 'certificate-expired', 7), (@day, '', 'no-policy-found', '', 'successful', 30)",
                new { day = (long)new DateOnly(2026, 11, 23).DayNumber });
        }

        var answer = await Terminal.Run("tls", "report", "--home", folder.Path, "--day", "2026-11-23");
        var other = await Terminal.Run("tls", "report", "--home", folder.Path, "--day", "2026-11-22");

        answer.Expect(ExitCode.Done);
        Assert.Matches(@"news\.example +sts +mx\.example +certificate-expired +7", answer.Output);
        Assert.Matches(@"\(all without a policy\) +no-policy-found +- +successful +30", answer.Output);
        Assert.DoesNotContain("news.example", other.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_distributor_that_never_ran_is_left_as_it_is()
    {
        using var folder = new TemporaryFolder();
        (await Terminal.Run("setup", "--home", folder.Path, "--components", "dst", "--host", "dst.example")).Expect(ExitCode.Done);

        (await Terminal.Run("tls", "report", "--home", folder.Path)).Expect(ExitCode.Done);

        Assert.False(File.Exists(folder.File("dst/data/dst.sqlite")));
    }

    [Fact]
    public async Task A_day_that_is_none_is_a_usage_error() =>
        (await Terminal.Run("tls", "report", "--home", "/nowhere", "--day", "yesterday")).Expect(ExitCode.Usage);
}
