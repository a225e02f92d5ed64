// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.Hosting;
using Tutti.Lui.Content;
using Tutti.Lui.Delivery;
using Tutti.Lui.Jobs;
using Tutti.Lui.Preflight.Rules;
using Tutti.Mail.Composing;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Preflight;

/// <summary>
/// Looks at a job as it would leave, and keeps what was found. A look goes on when the one who asked for it leaves; whoever asks
/// meanwhile waits for the same one. One that is killed leaves nothing behind and is simply asked for again.
/// </summary>
internal sealed class RunPreflight(
    JobStore jobs,
    ContentStore contents,
    JobMessages messages,
    SnapshotStore snapshots,
    ReadAudience audiences,
    PreflightStore store,
    IEnumerable<IPreflightRule> rules,
    IHostApplicationLifetime life,
    TimeProvider clock)
{
    private readonly ConcurrentDictionary<(long Job, string Fingerprint), Look> _looks = new();

    /// <summary>How far the look at a job is; null if nobody looks just now.</summary>
    public (long Done, long Of)? Progress(long jobId) =>
        _looks.FirstOrDefault(pair => pair.Key.Job == jobId).Value is { } look ? (Interlocked.Read(ref look.Done), Interlocked.Read(ref look.Of)) : null;

    /// <summary>Looks, and answers what was found.</summary>
    public async Task<Outcome<PreflightReport>> Handle(long jobId, CancellationToken cancellationToken)
    {
        if (await jobs.Find(jobId, cancellationToken) is not { } job)
        {
            return JobRefusals.NotFound(jobId);
        }

        if (await contents.Find(jobId, cancellationToken) is not { } content)
        {
            return ContentRefusals.Missing();
        }

        if (job.RecipientsId is not { } recipientsId || await snapshots.Find(recipientsId, cancellationToken) is not { Valid: > 0 } snapshot)
        {
            return PreflightRefusals.NoRecipients(job);
        }

        var source = MessageSources.Labelled(await messages.SourceOf(job, content, job.Sender ?? PreviewContent.AnySender, job.Tracking ?? JobTracking.Personal, cancellationToken), job.Code);
        if (!CompiledMessage.TryCompile(source, out var message, out var problems))
        {
            return ContentRefusals.Of(problems[0]);
        }

        var key = (jobId, PreflightSubject.FingerprintOf(job, source));
        var look = _looks.GetOrAdd(key, _ => new Look { Of = snapshot.Valid });
        await look.Start(() => Take(key, look, job, message, snapshot)).WaitAsync(cancellationToken);
        return (await store.Find(jobId, cancellationToken))!;
    }

    private async Task Take((long Job, string Fingerprint) key, Look look, Job job, CompiledMessage message, Snapshot snapshot)
    {
        // Away from whoever asked: it computes for a while, and pages are waited for.
        await Task.Yield();
        var stopping = life.ApplicationStopping;
        try
        {
            var now = clock.GetUtcNow();
            var audience = await audiences.Handle(message, snapshot, now, done => Interlocked.Exchange(ref look.Done, done), stopping);
            var subject = new PreflightSubject(job, message, audience, SamplesOf(message, snapshot, audience, now));
            var findings = await Task.WhenAll(rules.Select(rule => rule.Look(subject, stopping).AsTask()));
            var sorted = findings.SelectMany(found => found).OrderByDescending(finding => finding.Level).ToList();
            await store.Save(key.Job, new PreflightReport(key.Fingerprint, now, sorted, []), stopping);
        }
        finally
        {
            _looks.TryRemove(key, out _);
        }
    }

    private static List<PreflightSample> SamplesOf(CompiledMessage message, Snapshot snapshot, Audience audience, DateTimeOffset now)
    {
        var fields = snapshot.Fields();
        var parser = new HtmlParser();
        var samples = new List<PreflightSample>();
        foreach (var recipient in audience.First.Append(audience.Longest).OfType<Recipients.Recipient>().DistinctBy(recipient => recipient.Id))
        {
            if (message.Plan.TryCompute(ReadAudience.Row(fields, recipient), now, out var values, out _))
            {
                var preview = MessagePreview.Of(message, values, PreflightSample.UnsubscribeUrl);
                samples.Add(new PreflightSample(recipient, values, preview, preview.Html is { } html ? parser.ParseDocument(html) : null));
            }
        }

        return samples;
    }

    private sealed class Look
    {
        public long Done;
        public long Of;
        private readonly Lock _starting = new();
        private Task? _work;

        public Task Start(Func<Task> work)
        {
            lock (_starting)
            {
                return _work ??= work();
            }
        }
    }
}
