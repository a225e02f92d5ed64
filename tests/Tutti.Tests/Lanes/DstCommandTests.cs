// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.Commands.Lanes;
using Tutti.Contracts.Dst.V1;
using Tutti.Testing;

namespace Tutti.Commands.Tests.Lanes;

public sealed class DstCommandTests : IDisposable
{
    private static readonly DateTimeOffset _now = DateTimeOffset.Parse("2026-11-24T10:00:00Z", null);
    private readonly TemporaryFolder _folder = new();

    private static LaneList List => new()
    {
        Lanes =
        {
            new Lane { Name = "yahoo", Breaker = "open", Limit = 5, Most = 10, PausedUntilMs = _now.AddMinutes(90).ToUnixTimeMilliseconds(), Reason = "421 4.7.0 [TSS04] Later", Accepted = 1234, Deferred = 5 },
            new Lane { Name = "gmx", Breaker = "held", Limit = 5, Most = 10, HeldAtMs = _now.AddDays(-1).ToUnixTimeMilliseconds(), Reason = "ada", Waiting = 12345 },
            new Lane { Name = "google", Breaker = "closed", Connections = 10, Limit = 10, Most = 10, Destinations = 3, AcceptedPerMinute = 1200, Accepted = 20000, Refused = 17 },
        },
        Others = 4,
        Unplaced = 2500,
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lanes_are_shown_one_a_line_with_the_reason_of_a_pause_below() => Assert.Equal(
        """
        lane    breaker    connections       domains    waiting   a minute   accepted   deferred    refused
        yahoo   open       0 of 5 (10)             0          0          0      1,234          5          0
             pauses until 11:30:00 UTC, 90 min: 421 4.7.0 [TSS04] Later
        gmx     held       0 of 5 (10)             0     12,345          0          0          0          0
             paused by ada since 2026-11-23 10:00:00 UTC
        google  closed     10 of 10 (10)           3          0      1,200     20,000          0         17
        and 4 more
        2,500 waiting for domains that are not looked up yet
        """,
        new LaneLines(List).ToText(_now));

    [Fact]
    public void The_same_as_json()
    {
        using var json = JsonDocument.Parse(new LaneLines(List).ToJson());
        var lane = json.RootElement.GetProperty("lanes")[0];
        Assert.Equal(("yahoo", "open", 5), (lane.GetProperty("name").GetString(), lane.GetProperty("breaker").GetString(), lane.GetProperty("limit").GetInt32()));
        Assert.Equal(_now.AddMinutes(90), lane.GetProperty("pausedUntil").GetDateTimeOffset());
        Assert.Equal((JsonValueKind.Null, 4), (json.RootElement.GetProperty("lanes")[2].GetProperty("pausedUntil").ValueKind, json.RootElement.GetProperty("others").GetInt32()));
    }

    [Fact]
    public void Source_addresses_are_shown_by_pool_with_what_they_carried_today()
    {
        var list = new SourceList
        {
            Pools =
            {
                new Pool
                {
                    Name = "main",
                    Senders = { "*" },
                    Sources =
                    {
                        new Source { Name = "mail1", Address = "192.0.2.1", HeloName = "mail1.example" },
                        new Source { Name = "mail2", Address = "192.0.2.2", HeloName = "mail2.example", Plan = "gentle", PlanDay = 2, Shares = { new Share { Used = 1250, Most = 2000 }, new Share { Lane = "google", Used = 3, Most = 40 } } },
                    },
                },
            },
        };

        Assert.Equal(
            """
            main: mail of all others
              192.0.2.1  mail1.example
              192.0.2.2  mail2.example  warms up: gentle, day 2
                 1,250 of 2,000 today
                 3 of 40 today to google
            """,
            new SourceLines(list).ToText());
        Assert.Contains("\"Lane\":\"google\",\"Used\":3,\"Most\":40", new SourceLines(list).ToJson(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_presets_are_a_file_that_a_start_takes_and_a_mistake_in_it_is_told_with_line_and_key()
    {
        var home = _folder.File("home");
        (await Terminal.Run("setup", "--home", home, "--host", "one.society.example", "--components", "dst")).Expect(0);
        var file = Path.Combine(home, "dst", "lanes.ini");
        var presets = (await Terminal.Run("dst", "presets")).Expect(0).Output;
        Assert.Contains("google.Hosts=", presets, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, presets.Replace("google.Connections=10", "google.Connections=lots", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var line = presets.Split('\n').ToList().IndexOf("google.Connections=10") + 1;

        var refused = (await Terminal.Run("run", "--home", home)).Expect(ExitCode.Configuration);

        Assert.Contains($"lanes.ini:{line}: google.Connections: 'lots'", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_distributor_runs_the_command_says_so()
    {
        var home = _folder.File("home");
        (await Terminal.Run("setup", "--home", home, "--host", "one.society.example", "--components", "dst")).Expect(0);
        Assert.Contains("is not running", (await Terminal.Run("dst", "lanes", "--home", home)).Expect(ExitCode.Unavailable).Error, StringComparison.Ordinal);
        (await Terminal.Run("setup", "--home", _folder.File("other"), "--host", "one.society.example", "--components", "trk")).Expect(0);
        Assert.Contains("does not carry a distributor", (await Terminal.Run("dst", "lanes", "--home", _folder.File("other"))).Expect(ExitCode.Refused).Error, StringComparison.Ordinal);
    }
}
