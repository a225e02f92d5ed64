// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Tutti.Testing;

namespace Tutti.Commands.Tests.Cert;

/// <summary>Every command of the guide, run as it stands there.</summary>
public sealed partial class CertificatesGuideTests : IDisposable
{
    private const string Name = "trk.example.com";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Trait("Row", "C-2.2.0.27")]
    [Trait("Row", "C-2.2.3.2")]
    [InlineData("With tutti")]
    [InlineData("With keytool")]
    [InlineData("With openssl")]
    public async Task The_steps_lead_to_a_certificate_that_is_good(string way)
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "admin", "certificates.md"), TestContext.Current.CancellationToken);
        (await Terminal.Run("setup", "--home", _folder.File("home"), "--components", "trk", "--host", Name)).Expect(0);
        await File.WriteAllTextAsync(_folder.File("trust.password"), "a long new password\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.File("keystore.password"), "horse battery\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.File("tutti"), $"#!/bin/sh\nexec dotnet {typeof(CommandLine).Assembly.Location} \"$@\"\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(_folder.File("tutti"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var steps = Blocks(guide, "### " + way);
        var authority = Blocks(guide, "## An authority of your own");

        await Run(authority[0]);
        await Run(steps[0]);
        await Run(authority[1]);
        await Run(steps[1]);

        Assert.Equal((2, 2), (steps.Count, authority.Count));
        var answer = await Run(Assert.Single(Blocks(guide, "## Look")));
        Assert.DoesNotContain("wrong", answer, StringComparison.Ordinal);
        Assert.Contains("Names in certificate trk.example.com", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("[ssl.", answer, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "C-0.1")]
    public async Task The_guide_names_the_version_it_was_checked_with()
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "admin", "certificates.md"), TestContext.Current.CancellationToken);

        Assert.Contains($"Checked with Tutti {typeof(CommandLine).Assembly.GetName().Version!.ToString(3)}.", guide, StringComparison.Ordinal);
    }

    private static List<string> Blocks(string guide, string heading)
    {
        var start = guide.IndexOf(heading + "\n", StringComparison.Ordinal) + heading.Length;
        var level = heading[..(heading.IndexOf(' ', StringComparison.Ordinal) + 1)];
        var ends = new[] { guide.IndexOf("\n" + level, start, StringComparison.Ordinal), guide.IndexOf("\n## ", start, StringComparison.Ordinal), guide.Length };
        return [.. Block().Matches(guide[start..ends.Where(end => end > 0).Min()]).Select(match => match.Groups[1].Value)];
    }

    private Task<string> Run(string block) => Tool.Run(
        "bash", "-euc", $"export PATH={_folder.Path}:$PATH; cd {_folder.Path}\n{block.Replace("/srv/tutti", _folder.File("home"), StringComparison.Ordinal)}");

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Tutti.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tree was not found above the tests.");
        }

        return folder;
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
