// SPDX-License-Identifier: Apache-2.0
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;
using Tutti.Mail.Addresses;

namespace Tutti.Lui.Senders;

/// <summary>Senders over REST.</summary>
internal static class SenderRoutes
{
    /// <summary>Who the recipients see as the sender, and how the messages leave.</summary>
    /// <param name="Name">Display name.</param>
    /// <param name="Address">Address of the From header; not needed with a profile.</param>
    /// <param name="ReplyTo">Where answers go; null: to the sender.</param>
    /// <param name="Way">engine (also without a word), listserv, or listserv-together.</param>
    /// <param name="Organisation">For the Organization header.</param>
    /// <param name="PostalAddress">What the drop-in *PostalAddress puts into the message.</param>
    /// <param name="BouncesTo">Address that bounces go to; null: the distributor takes them.</param>
    /// <param name="Headers">More headers, a line each.</param>
    /// <param name="Profile">The number of a sender profile; then nothing else counts but the way.</param>
    internal sealed record SenderDocument(
        string? Name,
        string? Address,
        string? ReplyTo,
        string? Way = null,
        string? Organisation = null,
        string? PostalAddress = null,
        string? BouncesTo = null,
        string? Headers = null,
        long? Profile = null)
    {
        /// <summary>What this asks for of a job.</summary>
        public NameSender.Command For(long job, Actor who, JobWay way) => new(job, who, Name ?? "", Address ?? "", ReplyTo, Way: way)
        {
            Profile = Profile,
            More = new JobSender("", "", null, Organisation, PostalAddress, BouncesTo, Headers),
        };
    }

    /// <summary>A sender domain as the distributors see it.</summary>
    /// <param name="Domain">ASCII form.</param>
    /// <param name="HasKey">Every distributor has a DKIM key for it; null if none answered.</param>
    /// <param name="Blocks">Receivers would turn its mail away, so jobs from it do not leave unless somebody overrides that.</param>
    /// <param name="Words">What that means and what to do; null if all is well.</param>
    /// <param name="Findings">What receivers find, the worst first; null if no distributor answered.</param>
    internal sealed record DomainDocument(string Domain, bool? HasKey, bool Blocks, string? Words, IReadOnlyList<FindingDocument>? Findings);

    /// <summary>What receivers find: SPF, DKIM, DMARC, PTR or MX; level good, unknown, warning or error; and who found it where there are several distributors.</summary>
    internal sealed record FindingDocument(string Subject, string Level, string Text, string? Distributor);

    public static RouteGroupBuilder MapSenders(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs/{job}/sender").WithTags("Sender").Needs(TokenScope.Jobs).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        jobs.MapPut("/", Name).WithName("NameSender");
        jobs.MapPost("/override", (string job, ClaimsPrincipal user, GetJob get, OverrideSenderCheck use, CancellationToken stop) => JobRoutes.Change(
            job, get, found => use.Handle(new OverrideSenderCheck.Command(found.Id, Actor.Of(user)), stop), stop)).WithName("OverrideSenderCheck").Needs(TokenScope.Send)
            .WithDescription("Lets the job leave although its sender domain has no DKIM key where one is needed. The journal says who decided so.");
        api.MapGet("/sender-domains/{domain}", Look).WithName("LookAtSenderDomain").WithTags("Sender").ProducesProblem(StatusCodes.Status400BadRequest)
            .WithDescription("Whether messages from a domain would be signed, and what receivers find in the DNS, as the distributors see it. It may take some seconds.");
        return api;
    }

    private static async Task<Results<Ok<DomainDocument>, ProblemHttpResult>> Look(string domain, SenderCheck check, LookAtDomain look, CancellationToken stop)
    {
        if (!EmailAddress.TryParse($"postmaster@{domain}", out var address, out _))
        {
            return RefusalResult.Of(SenderRefusals.Domain(domain));
        }

        var asked = address.Domain.ToString();
        var verdict = await check.Handle(asked, stop);
        return TypedResults.Ok(new DomainDocument(
            asked,
            verdict.HasKey,
            verdict.Blocks,
            verdict.Words,
            (await look.Handle(asked, stop))?.Select(finding => new FindingDocument(finding.Subject, Words.Of(finding.Level), finding.Text, finding.Distributor)).ToList()));
    }

    private static async Task<Results<Ok<JobDocument>, ProblemHttpResult>> Name(
        string job, SenderDocument sender, ClaimsPrincipal user, GetJob get, NameSender use, CancellationToken stop) =>
        Words.TryTo<JobWay>(sender.Way ?? "engine", out var way)
            ? await JobRoutes.Change(
                job,
                get,
                found => use.Handle(sender.For(found.Id, Actor.Of(user), way), stop),
                stop)
            : RefusalResult.Of(SenderRefusals.Way(sender.Way!));
}
