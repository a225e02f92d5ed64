// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text;

namespace Tutti.Commands.Jobs;

/// <summary><c>tutti job send</c>: a whole campaign in one line.</summary>
internal static class SendCommand
{
    private static readonly Option<string> _recipients = new("--recipients") { Description = "CSV file with a header.", HelpName = "FILE", Required = true };
    private static readonly Option<string?> _html = new("--html") { Description = "The message as HTML, with merge fields.", HelpName = "FILE" };
    private static readonly Option<string?> _text = new("--text") { Description = "The message as plain text, with merge fields.", HelpName = "FILE" };
    private static readonly Option<string> _subject = new("--subject") { Description = "The subject, with merge fields.", HelpName = "TEXT", Required = true };
    private static readonly Option<string> _from = new("--from") { Description = "The sender: address, or Name <address>.", HelpName = "ADDRESS", Required = true };
    private static readonly Option<string?> _title = new("--title") { Description = "Title in the list of jobs. Default: the subject.", HelpName = "TEXT" };
    private static readonly Option<string> _tracking = new("--tracking") { Description = "personal, blind or off. Default: personal.", DefaultValueFactory = _ => "personal" };
    private static readonly Option<string?> _trackerHost = new("--tracker-host") { Description = "Host name of the tracker that links lead to, where there are several. Default: the first one.", HelpName = "NAME" };
    private static readonly Option<string?> _at = new("--at") { Description = "When it leaves, such as 2027-03-14T09:30 in the installation's zone, or with an offset. Default: at once.", HelpName = "TIME" };
    private static readonly Option<bool> _stopAtWarnings = new("--stop-at-warnings") { Description = "Do not authorise the job if its preflight has warnings. Default: print them and let them pass." };
    private static readonly Option<bool> _wait = new("--wait") { Description = "Return only when no recipient waits any more." };
    private static readonly Option<int?> _timeout = new("--timeout") { Description = "Wait at most so many seconds; then exit with 3.", HelpName = "SECONDS" };
    private static readonly Option<bool> _json = new("--json") { Description = "Print the receipt as one JSON object on the last line." };
    private static readonly ServerOptions _server = new();

    /// <summary>The command for the tree.</summary>
    public static Command Create()
    {
        var command = new Command("send", "Makes a job, authorises it without a test and sends it.")
        {
            _recipients, _html, _text, _subject, _from, _title, _tracking, _trackerHost, _at, _stopAtWarnings, _wait, _timeout, _json,
        };
        _tracking.AcceptOnlyFromAmong("personal", "blind", "off");
        _server.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var subject = parsed.GetRequiredValue(_subject);
        var plan = new CampaignPlan
        {
            Title = parsed.GetValue(_title) ?? subject,
            RecipientsFile = Existing(parsed.GetRequiredValue(_recipients)),
            Html = Read(parsed.GetValue(_html)),
            Text = Read(parsed.GetValue(_text)),
            Subject = subject,
            From = MailAddressText.Read(parsed.GetRequiredValue(_from)),
            Tracking = parsed.GetRequiredValue(_tracking),
            TrackerHost = parsed.GetValue(_trackerHost),
            At = parsed.GetValue(_at),
            StopAtWarnings = parsed.GetValue(_stopAtWarnings),
            Told = line => parsed.InvocationConfiguration.Error.WriteLine($"preflight: {line}"),
        };
        if (plan.Html is null && plan.Text is null)
        {
            throw new Complaint(ExitCode.Usage, "Give the message with --html, --text or both.");
        }

        using var lui = _server.Connect(parsed);
        var campaign = new Campaign(lui, TimeProvider.System);
        var console = parsed.InvocationConfiguration;
        var job = await campaign.Send(plan, cancellationToken);
        await console.Output.WriteLineAsync(job);
        if (!parsed.GetValue(_wait))
        {
            if (parsed.GetValue(_json))
            {
                await console.Output.WriteLineAsync((await campaign.Receipt(job, cancellationToken)).ToJson());
            }

            return ExitCode.Done;
        }

        var patience = parsed.GetValue(_timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        var (receipt, isFinal) = await campaign.Wait(job, patience, _ => { }, cancellationToken);
        await console.Output.WriteLineAsync(parsed.GetValue(_json) ? receipt.ToJson() : receipt.ToString());
        if (isFinal)
        {
            return receipt.AddsUp ? ExitCode.Done : ExitCode.Refused;
        }

        if (receipt.State == "failed")
        {
            await console.Error.WriteLineAsync($"tutti: {job} failed with {receipt.Waiting} recipients waiting; its page in the User Interface says why. Retry it there or close it.");
            return ExitCode.Refused;
        }

        await console.Error.WriteLineAsync($"tutti: {job} still has {receipt.Waiting} recipients waiting after {patience!.Value.TotalSeconds} seconds. It goes on; look again with 'tutti job receipt {job}'.");
        return ExitCode.TimedOut;
    }

    private static string Existing(string file) =>
        File.Exists(file) ? file : throw new Complaint(ExitCode.Refused, $"The file {file} does not exist.");

    private static string? Read(string? file)
    {
        if (file is null)
        {
            return null;
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(Existing(file))).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw new Complaint(ExitCode.Refused, $"{file} is not in UTF-8. Save it in that encoding.");
        }
    }
}
