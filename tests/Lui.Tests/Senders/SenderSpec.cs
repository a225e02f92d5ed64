// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Senders;
using Tutti.Lui.Tests.World;
using Tutti.Testing;
using Tutti.Wiring.Storage;
using Wire = Tutti.Contracts.Dst.V1;

namespace Tutti.Lui.Tests.Senders;

public abstract class SenderSpec : WorldSpec
{
    [Theory]
    [InlineData("no address", null, "address")]
    [InlineData("a@b.example\r\nBcc: x@y.example", null, "address")]
    [InlineData("news@sender.example", "nobody", "replyTo")]
    public async Task An_address_that_mail_would_misread_is_refused_at_its_field(string address, string? replyTo, string field)
    {
        var job = await World.Lui.Prepare(1);

        var refusal = (await World.Lui.Get<NameSender>().Handle(new NameSender.Command(job.Id, Ada, "", address, replyTo), Token)).Refusal;

        Assert.Equal(("sender.address", field), (refusal.Code, refusal.Field));
    }

    [Fact]
    public async Task A_domain_without_a_key_is_a_warning()
    {
        World.Distributor.HasDkimKey = false;
        var job = await World.Lui.Prepare(1);

        var step = await Step(job);

        Assert.Equal(StepState.Done, step.State);
        Assert.Contains("no DKIM key for sender.example", step.Detail, StringComparison.Ordinal);
        await World.Lui.PassPreflight(job);
        Assert.False((await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).IsRefused);
    }

    [Fact]
    public async Task Where_mail_goes_straight_to_the_receivers_it_is_in_the_way_unless_overridden_and_that_is_recorded()
    {
        var job = await World.Lui.Prepare(1);
        (World.Distributor.HasDkimKey, World.Distributor.Mode) = (false, "mx");
        World.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(StepState.NeedsAttention, (await Step(job)).State);
        Assert.True((await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).IsRefused);

        _ = (await World.Lui.Get<OverrideSenderCheck>().Handle(new OverrideSenderCheck.Command(job.Id, Ada), Token)).Value;

        Assert.Equal(StepState.Done, (await Step(job)).State);
        await World.Lui.PassPreflight(job);
        Assert.False((await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).IsRefused);
        Assert.Contains(await World.Lui.Get<JobStore>().Journal(job.Id, Token), line => line is { Kind: "sender-overridden", Who.Name: "Ada" });
    }

    [Fact]
    public async Task What_a_distributor_finds_out_about_a_domain_is_shown_with_the_worst_first()
    {
        World.Distributor.Report.Findings.Add(new Wire.DomainFinding { Subject = "MX", Level = Wire.DomainFinding.Types.Level.Good, Text = "good" });
        World.Distributor.Report.Findings.Add(new Wire.DomainFinding { Subject = "SPF", Level = Wire.DomainFinding.Types.Level.Error, Text = "wrong" });

        var findings = await World.Lui.Get<LookAtDomain>().Handle("sender.example", Token);

        Assert.Equal([("SPF", "wrong"), ("MX", "good")], findings!.Select(finding => (finding.Subject, finding.Text)));
        Assert.All(findings!, finding => Assert.Null(finding.Distributor));
        World.Distributor.Away = true;
        Assert.Null(await World.Lui.Get<LookAtDomain>().Handle("sender.example", Token));
    }

    [Fact]
    public async Task A_distributor_that_is_away_counts_as_it_last_answered()
    {
        var job = await World.Lui.Prepare(1);
        Assert.Null((await Step(job)).Detail);

        World.Distributor.Away = true;
        World.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null((await Step(job)).Detail);

        await World.Restart();
        Assert.Contains("not known", (await Step(job)).Detail, StringComparison.Ordinal);
    }

    private async Task<StepStatus> Step(Job job) => (await World.Lui.Get<GetJob>().Handle(job.Code, Token)).Value.Workflow[JobStep.Sender];
}

public sealed class SenderOnSqlite : SenderSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class SenderOnPostgres(PostgresServer server) : SenderSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
