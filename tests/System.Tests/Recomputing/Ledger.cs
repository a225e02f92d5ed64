// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Audiences;
using Tutti.System.Tests.Receiving;

namespace Tutti.System.Tests.Recomputing;

/// <summary>Recomputes the receipt from what the receiving server has, and compares it recipient by recipient.</summary>
public sealed class Ledger
{
    private readonly Audience _audience;
    private readonly Dictionary<string, List<ReceivedMessage>> _kept;
    private readonly Dictionary<string, Answer> _lastAnswers = new(StringComparer.OrdinalIgnoreCase);

    public Ledger(Audience audience, RecordingSmtpServer server)
    {
        _audience = audience;
        _kept = server.Messages.Where(message => message.Kept)
            .GroupBy(message => message.Recipient, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.ToList(), StringComparer.OrdinalIgnoreCase);
        Dropped = server.Answers
            .Where(answer => answer.Behaviour is Behaviour.DropBeforeTerminator or Behaviour.DropAfterTerminator)
            .Select(answer => answer.Recipient).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var answer in server.Answers)
        {
            _lastAnswers[answer.Recipient] = answer;
        }
    }

    /// <summary>Recipients whose message the receiver has, and whose sender it never told so.</summary>
    public IReadOnlyList<string> LeftInDoubt =>
        [.. _kept.Where(entry => entry.Value.Any(message => message.Behaviour == Behaviour.DropAfterTerminator)).Select(entry => entry.Key)];

    /// <summary>
    /// Recipients at whose message the receiver closed the connection, before or after its terminator. Closed before, the
    /// terminator may have been under way already: then the sender cannot know either.
    /// </summary>
    public IReadOnlySet<string> Dropped { get; }

    /// <summary>Those who stand in doubt although the receiver never dropped a connection over them.</summary>
    public IReadOnlyList<string> DoubtsWithoutDrop(IEnumerable<FateRow> rows) => [.. Doubts(rows).Where(address => !Dropped.Contains(address))];

    /// <summary>Those who stand in doubt.</summary>
    public static IReadOnlyList<string> Doubts(IEnumerable<FateRow> rows) => [.. rows.Where(row => Plain(row.Fate) == "indoubt").Select(row => row.Address)];

    /// <summary>What is wrong, in words; empty if every recipient's fate is what the receiver saw.</summary>
    public IReadOnlyList<string> Differences(Receipt receipt, IReadOnlyList<FateRow> rows)
    {
        var wrong = new List<string>();
        if (!receipt.AddsUp)
        {
            wrong.Add($"The receipt does not add up: {receipt}");
        }

        foreach (var (address, messages) in _kept.Where(entry => entry.Value.Count > 1))
        {
            wrong.Add($"{address} has {messages.Count} messages");
        }

        foreach (var stranger in _kept.Keys.Where(address => !_audience.People.Any(person => person.Address.Equals(address, StringComparison.OrdinalIgnoreCase))))
        {
            wrong.Add($"{stranger} is no recipient and has a message");
        }

        var byAddress = rows.ToLookup(row => row.Address, StringComparer.OrdinalIgnoreCase);
        foreach (var person in _audience.People)
        {
            var mine = byAddress[person.Address].ToList();
            if (mine.Count != 1)
            {
                wrong.Add($"{person.Address} stands {mine.Count} times in the list");
                continue;
            }

            if (Difference(person, mine[0].Fate) is { } difference)
            {
                wrong.Add($"{person.Address} is '{mine[0].Fate}' ({mine[0].Reply}), but {difference}");
            }
        }

        if (rows.Count != _audience.People.Count || receipt.Planned != rows.Count)
        {
            wrong.Add($"{_audience.People.Count} recipients, {receipt.Planned} planned, {rows.Count} listed");
        }

        void Count(string fate, long claimed)
        {
            var counted = rows.Count(row => Plain(row.Fate) == fate);
            if (counted != claimed)
            {
                wrong.Add($"{fate}: the receipt says {claimed}, the list has {counted}");
            }
        }

        Count("accepted", receipt.Accepted);
        Count("refused", receipt.Refused);
        Count("expired", receipt.Expired);
        Count("suppressed", receipt.Suppressed);
        Count("withdrawn", receipt.Withdrawn);
        Count("waiting", receipt.Waiting);
        Count("indoubt", receipt.InDoubt);
        return wrong;
    }

    private string? Difference(Person person, string fate)
    {
        var kept = _kept.GetValueOrDefault(person.Address)?.Count ?? 0;
        var last = _lastAnswers.GetValueOrDefault(person.Address);
        return Plain(fate) switch
        {
            "accepted" => kept == 1 ? null : $"the receiver has {kept} messages",
            "refused" when kept > 0 => "the receiver has the message",
            "refused" => last?.Behaviour is Behaviour.RefuseAddress or Behaviour.RefuseMessage ? null : $"the receiver said '{last?.Reply}'",
            "indoubt" => kept <= 1 ? null : $"the receiver has {kept} messages",
            "expired" or "suppressed" or "withdrawn" or "waiting" => kept == 0 ? null : "the receiver has the message",
            _ => "that is no fate",
        };
    }

    private static string Plain(string fate) => new([.. fate.Where(char.IsLetter).Select(char.ToLowerInvariant)]);
}
