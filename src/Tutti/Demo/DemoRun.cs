// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.CommandLine;
using System.Globalization;
using Tutti.Commands.Jobs;
using Tutti.Commands.Run;
using Tutti.Commands.Setup;
using Tutti.Commands.Tokens;
using Tutti.Dst.Capture;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Commands.Demo;

/// <summary>The course of the demo: set up, run, send, play the readers, report.</summary>
internal sealed class DemoRun(HomeFolder home, InvocationConfiguration console, TimeProvider clock)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Plays it.</summary>
    /// <param name="stayUntil">What to wait for before the end; null ends after the report with a line of JSON.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    /// <param name="now">Ends the final stop of the components at once.</param>
    public async Task<int> Play(Func<Task>? stayUntil, CancellationToken cancellationToken, CancellationToken now)
    {
        var start = clock.GetTimestamp();
        await DemoHome.Clear(home, cancellationToken);
        var plan = DemoHome.Plan();
        var administrator = await new NewServer(home, plan, console).Write(passwordFile: null, cancellationToken);
        DemoHome.Mark(home);

        // The log of the components goes into a file, the terminal belongs to the demo.
        await using var log = TextWriter.Synchronized(new StreamWriter(Path.Combine(home.Logs, "demo.log")) { AutoFlush = true });
        Console.SetOut(log);
        await console.Output.WriteLineAsync($"Starting User Interface, Administration Hub, Tracker and Distributor in {home.Path}");
        await using var server = await ServerProcess.Start(home, KnownComponents.All, [], new Hashtable(), clock, cancellationToken);
        try
        {
            using var lui = new LuiClient(new Uri($"http://127.0.0.1:{plan.WebPort}"), await TokenCommand.Make(home, "demo", cancellationToken));
            var outcome = await Send(lui, start, cancellationToken);
            foreach (var fault in outcome.Faults())
            {
                await console.Error.WriteLineAsync($"tutti: {fault}");
            }

            if (stayUntil is not null)
            {
                await console.Output.WriteLineAsync(FormattableString.Invariant($"""

                    Look around at http://localhost:{plan.WebPort}/
                      account   {administrator!.Account}
                      password  {administrator.Password}
                    The letters lie in {home.Component("dst").Data}, the log in {home.Logs}.
                    Stop with Ctrl+C; the next run replaces everything.
                    """));
                await stayUntil();
            }
            else
            {
                await console.Output.WriteLineAsync(outcome.ToJson());
            }

            return outcome.Faults().Any() ? ExitCode.Fault : ExitCode.Done;
        }
        finally
        {
            await server.Stop(now);
        }
    }

    private async Task<DemoOutcome> Send(LuiClient lui, long start, CancellationToken cancellationToken)
    {
        var campaign = new Campaign(lui, clock);
        await campaign.Suppress(Sample("suppressed.csv"), cancellationToken);
        var job = await campaign.Send(
            new CampaignPlan
            {
                Title = "Spring letter",
                RecipientsFile = Sample("recipients.csv"),
                Html = await File.ReadAllTextAsync(Sample("newsletter.html"), cancellationToken),
                Text = await File.ReadAllTextAsync(Sample("newsletter.txt"), cancellationToken),
                Subject = "{{ FIRSTNAME }}, this spring in {{ CITY }}",
                From = new MailAddressText("The Example Society", "letters@society.example"),
            },
            cancellationToken);
        await console.Output.WriteLineAsync($"Mail job {job} is on its way to the capture mailbox");
        var (receipt, _) = await campaign.Wait(job, _patience, _ => { }, cancellationToken);
        await console.Output.WriteLineAsync(receipt.ToString());

        var mailbox = new CaptureMailbox(home.Component("dst").Data);
        using var readers = new Readers(mailbox);
        await readers.Play(cancellationToken);
        var reported = await Reported(campaign, job, readers, cancellationToken);
        await console.Output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{readers.Opened} readers opened it, {readers.Clicked} followed a link; the report shows {reported.Opened} and {reported.Clicked}"));
        return new DemoOutcome(receipt, reported, readers.Opened, readers.Clicked, await mailbox.Count(cancellationToken), clock.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>The report, once it shows what the readers did, or when patience is over.</summary>
    private async Task<JobReactions> Reported(Campaign campaign, string job, Readers readers, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        while (true)
        {
            var reported = await campaign.Reactions(job, cancellationToken);
            if ((reported.Opened >= readers.Opened && reported.Clicked >= readers.Clicked) || clock.GetElapsedTime(start) > _patience)
            {
                return reported;
            }

            await Task.Delay(_pause, clock, cancellationToken);
        }
    }

    private static string Sample(string name) => Path.Combine(AppContext.BaseDirectory, "samples", name);
}
