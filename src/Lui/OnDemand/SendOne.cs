// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Lui.Recipients;
using Tutti.Mail.Addresses;
using Tutti.Wiring.Outcomes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.OnDemand;

/// <summary>
/// Sends the message of a job that is on its way to one more recipient. It is answered when the recipient is on the disk as one of the job's: from then on it
/// is delivered and counted like any other. A reference that came before is answered with what it made then.
/// </summary>
internal sealed class SendOne(Database database, OnDemandStore store, TimeProvider clock)
{
    /// <summary>Longest reference in characters.</summary>
    public const int MaxReference = 200;

    /// <summary>Most characters of all values together.</summary>
    public const int MaxValues = 64 * 1024;

    /// <param name="Job">The job.</param>
    /// <param name="Address">Who gets it.</param>
    /// <param name="Values">Values of merge fields by name; those that are left out are empty.</param>
    /// <param name="Reference">The caller's own name for this message; null for none.</param>
    /// <param name="Who">Who asks.</param>
    public sealed record Command(Job Job, string Address, IReadOnlyDictionary<string, string?> Values, string? Reference, Actor Who);

    public async Task<Outcome<SentMessage>> Handle(Command command, CancellationToken cancellationToken)
    {
        if (!EmailAddress.TryParse(command.Address.Trim(), out var address, out var problem))
        {
            return OnDemandRefusals.Address(problem.ToString());
        }

        if (command.Reference is { } given && (given.Length is 0 or > MaxReference || given.Any(char.IsControl)))
        {
            return OnDemandRefusals.Reference(MaxReference);
        }

        if (command.Values.Sum(one => one.Value?.Length ?? 0) > MaxValues)
        {
            return OnDemandRefusals.TooLong(MaxValues);
        }

        var outcome = await database.Write(transaction => Add(transaction, command, address, cancellationToken), cancellationToken);
        if (!outcome.Is(out var number, out var refusal))
        {
            return refusal;
        }

        var sent = (await store.Find(command.Job.Id, number, cancellationToken))!;
        return EmailAddress.TryParse(sent.Address, out var before, out _) && before.Equals(address) ? sent : OnDemandRefusals.OtherMessage(command.Reference ?? "");
    }

    private async Task<Outcome<long>> Add(System.Data.Common.DbTransaction transaction, Command command, EmailAddress address, CancellationToken cancellationToken)
    {
        if (await store.Hold(transaction, command.Job.Id, cancellationToken) is not { } door)
        {
            return command.Reference is { } late && await OnDemandStore.WithReference(transaction, command.Job.Id, late, cancellationToken) is { } known
                ? known
                : OnDemandRefusals.NotRunning(command.Job);
        }

        if (command.Reference is { } reference && await OnDemandStore.WithReference(transaction, command.Job.Id, reference, cancellationToken) is { } before)
        {
            return before;
        }

        var values = new Dictionary<string, string?>(command.Values, StringComparer.OrdinalIgnoreCase);
        if (values.Keys.FirstOrDefault(name => !door.Columns.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            return OnDemandRefusals.NoColumn(unknown, door.Columns);
        }

        var fields = door.Columns.Select((column, index) => index == door.AddressColumn ? address.Text : Clean(values.GetValueOrDefault(column))).ToList();
        var recipient = new Recipient(door.LastId + 1, address.Text, address.Normalized, door.NameColumn is { } name ? OneLine(fields[name]) : "", fields);
        await OnDemandStore.Add(transaction, command.Job.Id, door, recipient, command.Reference, command.Who, clock.GetUtcNow(), cancellationToken);
        return recipient.Id;
    }

    // PostgreSQL takes no NUL.
    private static string Clean(string? value) => value?.Replace("\0", "", StringComparison.Ordinal) ?? "";

    private static string OneLine(string name) => new([.. name.Where(one => !char.IsControl(one))]);
}
