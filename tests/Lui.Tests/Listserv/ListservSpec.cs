// SPDX-License-Identifier: Apache-2.0
using Tutti.Contracts.Dst.V1;
using Tutti.Lui.Content;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Listserv;
using Tutti.Lui.Preflight;
using Tutti.Lui.Recipients;
using Tutti.Lui.Recipients.Import;
using Tutti.Lui.Senders;
using Tutti.Lui.Tests.World;
using Tutti.Lui.Tracking;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Tests.Listserv;

/// <summary>Jobs that leave through LISTSERV, and recipients that are a list's subscribers.</summary>
public abstract class ListservSpec : WorldSpec
{
    [Fact]
    public async Task A_job_leaves_through_LISTSERV_where_people_chose_so_and_its_tests_too()
    {
        World.Distributor.Listserv.SetUp();
        var job = await World.Lui.Prepare(3);
        var chosen = (await Choose(job, JobWay.Listserv)).Value;
        Assert.Equal(JobWay.Listserv, (await World.Lui.Get<JobStore>().Find(job.Id, Token))!.Way);
        Assert.Contains("through LISTSERV", (await Step(chosen)).Summary, StringComparison.Ordinal);

        _ = (await World.Lui.Get<SendTest>().Handle(new SendTest.Command(job.Id, Ada, ["ada@sender.example"], []), Token)).Value;
        _ = (await World.Lui.Get<AcceptTest>().Handle(new AcceptTest.Command(job.Id, Ada), Token)).Value;
        await World.Lui.PassPreflight(job);
        _ = (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Value;
        await World.Settle();
        Assert.Equal(3, (await Receipt(job)).Accepted);
        Assert.Equal(2, World.Distributor.Opened.Count);
        Assert.All(World.Distributor.Opened.Values, delivery => Assert.Equal(Way.Listserv, delivery.Way));
    }

    [Fact]
    public async Task Other_jobs_leave_by_the_engine()
    {
        World.Distributor.Listserv.SetUp();
        _ = await World.Lui.Authorized(2);
        await World.Settle();
        Assert.Equal(Way.Unspecified, Assert.Single(World.Distributor.Opened.Values).Way);
    }

    [Fact]
    public async Task Without_a_LISTSERV_it_cannot_be_chosen_and_one_that_went_away_is_in_the_way()
    {
        var job = await World.Lui.Prepare(1);
        Assert.Equal(("sender.no-listserv", "way"), await Refusal(job));
        World.Distributor.Listserv.SetUp();
        Assert.False((await Choose(job, JobWay.Listserv)).IsRefused);
        World.Distributor.Listserv.Connection = new();
        var step = await Step((await World.Lui.Get<JobStore>().Find(job.Id, Token))!);
        Assert.Equal(StepState.NeedsAttention, step.State);
        Assert.Contains("dst/distributor.ini", step.Detail, StringComparison.Ordinal);
        Assert.False((await Choose(job, JobWay.Engine)).IsRefused);
    }

    [Fact]
    public async Task One_message_for_all_leaves_through_LISTSERV_where_nothing_in_it_is_one_recipients_own()
    {
        World.Distributor.Listserv.SetUp();
        var job = await World.Lui.Prepare(3);
        _ = (await World.Lui.Get<SaveContent>().Handle(new SaveContent.Command(job.Id, Ada, "Hello {{ first_name }}", "<p>Bye: {{ unsubscribe_url }}</p>", ""), Token)).Value;
        var chosen = (await Choose(job, JobWay.ListservTogether)).Value;
        var step = await Step(chosen);
        Assert.Equal(StepState.NeedsAttention, step.State);
        Assert.Contains("{{ first_name }}, {{ unsubscribe_url }}", step.Detail, StringComparison.Ordinal);
        Assert.Contains("a message for each recipient", step.Detail, StringComparison.Ordinal);

        _ = (await World.Lui.Get<SaveContent>().Handle(new SaveContent.Command(job.Id, Ada, "Hello", "<p>The same for <a href=\"https://example.org\">all</a></p>", ""), Token)).Value;
        Assert.Contains("blind tracking", (await Step(await Again(job))).Detail, StringComparison.Ordinal);
        Assert.Equal("job.step-not-done", (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Refusal.Code);

        _ = (await World.Lui.Get<ChooseTracking>().Handle(new ChooseTracking.Command(job.Id, Ada, JobTracking.Blind), Token)).Value;
        Assert.Equal((StepState.Done, null), await StateOf(job));
        _ = (await World.Lui.Get<WaiveTest>().Handle(new WaiveTest.Command(job.Id, Ada), Token)).Value;
        _ = (await World.Lui.Get<RunPreflight>().Handle(job.Id, Token)).Value;
        _ = (await World.Lui.Get<TickWarnings>().Handle(new TickWarnings.Command(job.Id, Ada, Keys: null), Token)).Value;
        _ = (await World.Lui.Get<AuthorizeJob>().Handle(new AuthorizeJob.Command(job.Id, Ada), Token)).Value;
        await World.Settle();
        Assert.Equal(3, (await Receipt(job)).Accepted);
        Assert.Equal(Way.ListservTogether, Assert.Single(World.Distributor.Opened.Values).Way);
    }

    [Fact]
    public async Task What_is_one_recipients_own_in_a_post_to_a_list_is_told_before_people_authorise()
    {
        World.Distributor.Listserv.SetUp();
        var job = await World.Lui.Prepare(1);
        World.Distributor.Listserv.Lists["NEWS-L"] = [One("joan@example.org", ""), One("NEWS-L@Lists.Example.com", "")];
        var source = (await World.Lui.Get<TakeList>().Handle(new TakeList.Command(job.Id, "lists.example.com", "NEWS-L", Ada), Token)).Value;
        await World.Lui.Get<RunImport>().Handle(source, Token);
        _ = (await World.Lui.Get<SaveContent>().Handle(new SaveContent.Command(job.Id, Ada, "Hello", "", "Bye: {{ unsubscribe_url }}"), Token)).Value;
        _ = (await Choose(await Again(job), JobWay.Listserv)).Value;
        var (state, detail) = await StateOf(job);
        Assert.Equal(StepState.NeedsAttention, state);
        Assert.Contains("is a list: all its subscribers get one message, and {{ unsubscribe_url }} in it would unsubscribe nobody", detail, StringComparison.Ordinal);
        Assert.Contains("Take it out of the content", detail, StringComparison.Ordinal);

        // A value is the same for all of them, which may be meant.
        _ = (await World.Lui.Get<SaveContent>().Handle(new SaveContent.Command(job.Id, Ada, "Hello", "", "Dear {{ name }}"), Token)).Value;
        (state, detail) = await StateOf(job);
        Assert.Equal(StepState.Done, state);
        Assert.Contains("the value of {{ name }} that stands beside the list's address", detail, StringComparison.Ordinal);

        _ = (await World.Lui.Get<SaveContent>().Handle(new SaveContent.Command(job.Id, Ada, "Hello", "", "The same for all"), Token)).Value;
        Assert.Equal((StepState.Done, null), await StateOf(job));
    }

    [Fact]
    public async Task The_subscribers_of_a_list_become_recipients_as_those_of_a_file_do()
    {
        World.Distributor.Listserv.SetUp();
        World.Distributor.Listserv.Lists["NEWS-L"] =
        [
            One("joan@example.org", "Joan \"JD\" Doe"), One("no mail", ""), One("off@example.org", "", getsMail: false), One("jim@example.org", "Ümit, Jim"), One("JOAN@example.org", ""),
        ];
        var job = await World.Lui.Prepare(1);
        var source = (await World.Lui.Get<TakeList>().Handle(new TakeList.Command(job.Id, "lists.example.com", " NEWS-L ", Ada), Token)).Value;
        await World.Lui.Get<RunImport>().Handle(source, Token);
        var ready = (await World.Lui.Get<RecipientSourceStore>().Find(source.Id, Token))!;
        Assert.Equal((SourceState.Ready, 2L, 1L, 1L, "NEWS-L@lists.example.com"), (ready.State, ready.Valid, ready.Invalid, ready.Duplicates, ready.FileName));
        var found = await World.Lui.Get<RecipientStore>().Read(source.Id, 0, long.MaxValue, 10, Token);
        Assert.Equal([("joan@example.org", "Joan \"JD\" Doe"), ("jim@example.org", "Ümit, Jim")], found.Select(one => (one.Address, one.DisplayName)));
        Assert.Equal(source.Id, (await World.Lui.Get<JobStore>().Find(job.Id, Token))!.RecipientsId);
    }

    [Theory]
    [InlineData("NEWS-L", 1, "listserv.not-read", "broke off")]
    [InlineData("OTHER-L", 9, "listserv.no-subscribers", "That is not known here.")]
    public async Task A_list_that_does_not_come_whole_is_not_used(string list, int pages, string code, string words)
    {
        World.Distributor.Listserv.SetUp();
        World.Distributor.Listserv.BreaksAfter = pages;
        World.Distributor.Listserv.Lists["NEWS-L"] = [.. Enumerable.Range(1, 6).Select(number => One($"user{number}@example.org", ""))];
        var job = await World.Lui.Prepare(1);
        var newest = await World.Lui.Get<RecipientSourceStore>().Newest(job.Id, Token);
        var refusal = (await World.Lui.Get<TakeList>().Handle(new TakeList.Command(job.Id, "lists.example.com", list, Ada), Token)).Refusal;
        Assert.Equal((code, "list"), (refusal.Code, refusal.Field));
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(newest, await World.Lui.Get<RecipientSourceStore>().Newest(job.Id, Token), (one, other) => one?.Id == other?.Id);
    }

    [Fact]
    public async Task A_job_that_is_not_open_takes_no_list_however_long_it_is()
    {
        World.Distributor.Listserv.SetUp();
        World.Distributor.Listserv.Lists["NEWS-L"] = [.. Enumerable.Range(1, 20_000).Select(number => One($"user{number}@example.org", "A long name for somebody"))];
        var job = await World.Lui.Authorized(1);
        var refusal = (await World.Lui.Get<TakeList>().Handle(new TakeList.Command(job.Id, "lists.example.com", "NEWS-L", Ada), Token)).Refusal;
        Assert.Equal("job.not-open", refusal.Code);
    }

    [Fact]
    public async Task The_distributor_asks_LISTSERV_and_what_it_says_is_shown()
    {
        World.Distributor.Listserv.SetUp();
        World.Distributor.Listserv.Lists["NEWS-L"] = [];
        var connection = Assert.Single(await World.Lui.Get<Connections>().List(Token));
        Assert.Equal(("lists.example.com", "tutti@example.com"), (connection.Domain, connection.Account));
        var answer = await World.Lui.Get<CheckConnection>().Handle(connection.Distributor, Token);
        Assert.Null(answer.Problem);
        Assert.Equal(["A double"], answer.Version);
        Assert.Equal(["NEWS-L"], answer.Lists);
    }

    private static Subscriber One(string address, string name, bool getsMail = true) => new() { Address = address, Name = name, GetsMail = getsMail };

    private Task<Wiring.Outcomes.Outcome<Job>> Choose(Job job, JobWay way) =>
        World.Lui.Get<NameSender>().Handle(new NameSender.Command(job.Id, Ada, "The Society", "news@sender.example", null, Way: way), Token);

    private async Task<(string, string?)> Refusal(Job job)
    {
        var refusal = (await Choose(job, JobWay.Listserv)).Refusal;
        return (refusal.Code, refusal.Field);
    }

    private async Task<Job> Again(Job job) => (await World.Lui.Get<JobStore>().Find(job.Id, Token))!;

    private async Task<(StepState, string?)> StateOf(Job job) => await Step(await Again(job)) is var step ? (step.State, step.Detail) : default;

    private async Task<StepStatus> Step(Job job) => (await World.Lui.Get<GetJob>().Handle(job.Code, Token)).Value.Workflow[JobStep.Sender];
}

public sealed class ListservOnSqlite : ListservSpec, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override Task<Database> CreateDatabase() => OnSqlite(_folder);
}

public sealed class ListservOnPostgres(PostgresServer server) : ListservSpec
{
    private protected override Task<Database> CreateDatabase() => OnPostgres(server);
}
