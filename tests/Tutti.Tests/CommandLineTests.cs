// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Commands.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("fly")]
    [InlineData("setup")]
    [InlineData("run")]
    [InlineData("setup --home /nowhere --components lui --web-port 70000")]
    [InlineData("setup --home /nowhere --components lui --web-port abc")]
    [InlineData("setup --home /nowhere --components lui,abc")]
    [InlineData("setup --home /nowhere --components ,")]
    [InlineData("setup --home /nowhere")]
    [InlineData("setup --home /nowhere --components lui --add hub")]
    [InlineData("setup --home /nowhere --components lui --bind everywhere")]
    [InlineData("setup --home /nowhere --components lui --set nonsense")]
    [InlineData("setup --home /nowhere --components lui --set abc.Key=1")]
    [InlineData("setup --home /nowhere --components lui --set trk.Key=1")]
    [InlineData("component stop abc")]
    [InlineData("job send --server here --token-file t --recipients r --subject s --from f")]
    [InlineData("job receipt")]
    public async Task What_cannot_be_understood_is_a_usage_error_in_words(string line)
    {
        var answer = await Terminal.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        answer.Expect(ExitCode.Usage);
        Assert.StartsWith("tutti: ", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-1.0.10")]
    public async Task The_long_version_lists_the_database_providers_and_what_they_were_tested_with()
    {
        var brief = (await Terminal.Run("--version")).Expect(0);
        var answer = (await Terminal.Run("--verbose", "--version")).Expect(0);

        var lines = answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(brief.Output.Trim(), lines[0].Trim());
        Assert.Equal(2, lines.Count(line => line.StartsWith("database  ", StringComparison.Ordinal)));
        Assert.All(VersionReport.Providers, provider =>
        {
            Assert.Contains(lines, line => line.Contains(provider.Name, StringComparison.Ordinal) && line.Contains(provider.Client, StringComparison.Ordinal));
            Assert.Matches("tested with|not tested here", provider.Tested);
        });

        // Whatever a component's Database may be set to is listed.
        var settings = (await Terminal.Run("settings")).Expect(0).Output;
        Assert.Contains("| `Database` | `sqlite` | sqlite, postgres |", settings, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("status")]
    [InlineData("component stop trk")]
    [InlineData("token create")]
    [InlineData("dkim create --domain society.example")]
    public async Task A_folder_without_a_server_is_named(string line)
    {
        var answer = await Terminal.Run([.. line.Split(' '), "--home", "/nowhere/at/all"]);

        answer.Expect(ExitCode.Configuration);
        Assert.Contains("/nowhere/at/all", answer.Error, StringComparison.Ordinal);
        Assert.Contains("tutti setup", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_token_file_says_how_to_make_one()
    {
        var answer = await Terminal.Run("job", "receipt", "261124A", "--server", "http://127.0.0.1:9", "--token-file", "/nowhere/token");

        answer.Expect(ExitCode.Refused);
        Assert.Contains("tutti token create", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_named()
    {
        var token = Path.GetTempFileName();
        await File.WriteAllTextAsync(token, "secret\n", TestContext.Current.CancellationToken);

        // Port 9 of the loopback address: nobody listens there.
        var answer = await Terminal.Run("job", "receipt", "261124A", "--server", "http://127.0.0.1:9", "--token-file", token);

        File.Delete(token);
        answer.Expect(ExitCode.Unavailable);
        Assert.Contains("127.0.0.1:9", answer.Error, StringComparison.Ordinal);
    }
}
