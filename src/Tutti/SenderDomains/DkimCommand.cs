// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tutti.Dst.SenderDomains;
using Tutti.Dst.Signing;
using Tutti.Mail.Dkim;

namespace Tutti.Commands.SenderDomains;

/// <summary><c>tutti dkim</c>: keys that sign outgoing mail, made and changed where DST is.</summary>
internal static class DkimCommand
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The command for the tree.</summary>
    public static Command Create() => new("dkim", "Keys that sign outgoing mail.") { Make(), List(), Check(), Use(), Remove() };

    private static Command Make()
    {
        var home = HomeOption.Create();
        var domain = Domain();
        var selector = new Option<string?>("--selector") { Description = "Name of the key in the DNS. Default: the first of tutti1, tutti2, … that is free.", HelpName = "NAME" };
        var algorithm = new Option<DkimAlgorithm>("--algorithm") { Description = "rsa, which every receiver knows, or ed25519, which goes beside it.", DefaultValueFactory = _ => DkimAlgorithm.Rsa };
        var command = new Command("create", "Makes a key and prints the DNS record for it.") { home, domain, selector, algorithm };
        command.SetAction(parsed =>
        {
            var key = Value(DkimKeyStore.Create(KeysOf(parsed.GetRequiredValue(home)), parsed.GetRequiredValue(domain), parsed.GetValue(selector), parsed.GetValue(algorithm)));
            parsed.InvocationConfiguration.Output.WriteLine(ZoneLine(new DkimRecord(key.RecordName, key.RecordText)));
            if (key.Waits)
            {
                parsed.InvocationConfiguration.Error.WriteLine($"Another key signs for {key.Domain} until this record is published. Then: tutti dkim use --domain {key.Domain} --selector {key.Selector}");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command List()
    {
        var home = HomeOption.Create();
        var domain = new Option<string?>("--domain") { Description = "Only the keys of this domain.", HelpName = "DOMAIN" };
        var json = new Option<bool>("--json") { Description = "Print one JSON array." };
        var command = new Command("list", "Shows all keys and what each does.") { home, domain, json };
        command.SetAction(parsed =>
        {
            var keys = DkimKeyStore.List(KeysOf(parsed.GetRequiredValue(home)), parsed.GetValue(domain));
            parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(json) ? ToJson(keys) : ToText(keys));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Check()
    {
        var home = HomeOption.Create();
        var domain = new Option<string?>("--domain") { Description = "Only the keys of this domain.", HelpName = "DOMAIN" };
        var json = new Option<bool>("--json") { Description = "Print one JSON array." };
        var command = new Command("check", "Compares the keys with what is published in the DNS.") { home, domain, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var place = HomeOption.Existing(parsed.GetRequiredValue(home));
            var keys = DkimKeyStore.List(KeysOf(parsed.GetRequiredValue(home)));
            var domains = parsed.GetValue(domain) is { } one ? [one.ToLowerInvariant()] : keys.Select(key => key.Domain).Distinct().ToList();
            var check = SenderDomainCheck.At(place, Environment.GetEnvironmentVariables());
            var findings = new List<Finding>();
            foreach (var name in domains)
            {
                findings.AddRange(await check.CheckDkim(name, cancellationToken));
            }

            return await FindingLines.Print(findings, parsed.GetValue(json), parsed.InvocationConfiguration.Output);
        });
        return command;
    }

    private static Command Use()
    {
        var home = HomeOption.Create();
        var domain = Domain();
        var selector = Selector();
        var force = new Option<bool>("--force") { Description = "Use it although its record cannot be seen in the DNS from here." };
        var command = new Command("use", "Lets a key sign from now on; the one before it signs no more.") { home, domain, selector, force };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var place = HomeOption.Existing(parsed.GetRequiredValue(home));
            var (name, key) = (parsed.GetRequiredValue(domain).ToLowerInvariant(), parsed.GetRequiredValue(selector).ToLowerInvariant());
            var folder = KeysOf(parsed.GetRequiredValue(home));
            if (!parsed.GetValue(force)
                && await SenderDomainCheck.At(place, Environment.GetEnvironmentVariables()).CheckKey(name, key, cancellationToken) is { Level: not FindingLevel.Good } finding)
            {
                throw new Complaint(ExitCode.Refused, $"{finding.Text}\nNothing is signed with a key before receivers can check that; if they can and only this server cannot see it, add --force.");
            }

            var retired = Value(DkimKeyStore.Use(folder, name, key, TimeProvider.System.GetUtcNow()));
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{key} signs the mail of {name}.");
            foreach (var old in retired)
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{old} signs no more. Leave its record in the DNS for a week, as long as mail signed by it may be on its way.");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Remove()
    {
        var home = HomeOption.Create();
        var domain = Domain();
        var selector = Selector();
        var yes = Question.YesOption();
        var command = new Command("remove", "Deletes a key that signs nothing.") { home, domain, selector, yes };
        command.SetAction(async (parsed, _) =>
        {
            var (name, key) = (parsed.GetRequiredValue(domain).ToLowerInvariant(), parsed.GetRequiredValue(selector).ToLowerInvariant());
            var folder = KeysOf(parsed.GetRequiredValue(home));
            await Question.Ask(parsed.GetValue(yes), $"The key {key} of {name} is gone for good then.", "Delete it?", parsed.InvocationConfiguration);
            Value(DkimKeyStore.Remove(folder, name, key));
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"The key {key} of {name} is deleted. Its record can leave the DNS: {key}._domainkey.{name}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<string> Domain() => new("--domain") { Description = "The domain of the sender's address.", HelpName = "DOMAIN", Required = true };

    private static Option<string> Selector() => new("--selector") { Description = "Name of the key in the DNS.", HelpName = "NAME", Required = true };

    private static string KeysOf(string home)
    {
        var place = HomeOption.Existing(home);
        var folder = place.Component("dst");
        return Directory.Exists(folder.Path)
            ? DkimKeyStore.FolderIn(folder.Data)
            : throw new Complaint(ExitCode.Refused, $"{place.Path} carries no distributor, and keys lie where mail is signed. Run this on the server with dst.");
    }

    private static T Value<T>(Wiring.Outcomes.Outcome<T> outcome) =>
        outcome.Is(out var value, out var refusal) ? value : throw new Complaint(ExitCode.Refused, refusal.Message);

    private static string ZoneLine(DkimRecord record) => $"{record.Name}. IN TXT ( {string.Join(' ', record.Strings().Select(part => $"\"{part}\""))} )";

    private static string ToText(IReadOnlyList<StoredDkimKey> keys)
    {
        if (keys.Count == 0)
        {
            return "There is no key. Make one: tutti dkim create --domain DOMAIN";
        }

        var text = new StringBuilder();
        foreach (var key in keys)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{key.Domain,-30} {key.Selector,-12} {WordOf(key.State),-8} {KindOf(key),-8} {key.WrittenAt:yyyy-MM-dd HH:mm} UTC{(key.Problem.Length > 0 ? "  " + key.Problem : "")}");
        }

        return text.ToString().TrimEnd();
    }

    private static string ToJson(IReadOnlyList<StoredDkimKey> keys) => JsonSerializer.Serialize(
        keys.Select(key => new { key.Domain, key.Selector, State = WordOf(key.State), Algorithm = KindOf(key), key.WrittenAt, RecordName = key.Record?.Name, RecordText = key.Record?.Text, key.Problem }), _json);

    private static string WordOf(DkimKeyState state) => state switch { DkimKeyState.Signing => "signs", DkimKeyState.Waiting => "waits", DkimKeyState.Retired => "retired" };

    private static string KindOf(StoredDkimKey key) => key.Algorithm switch { DkimAlgorithm.Rsa => "rsa", DkimAlgorithm.Ed25519 => "ed25519", _ => "-" };
}
