// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Addresses;
using Tutti.Mail.Listserv;
using Tutti.Wiring.Outcomes;

namespace Tutti.Dst.Listserv;

/// <summary>
/// What is asked of LISTSERV. It answers in sentences that its administrator may change, so nothing is concluded from their wording: whether a change
/// worked is asked for afterwards.
/// </summary>
internal sealed class ListservDesk(TcpguiClient client)
{
    /// <summary>What LISTSERV says of itself, and the lists of the account.</summary>
    public async Task<Outcome<ListservHealth>> Check(CancellationToken cancellationToken)
    {
        if (!(await client.Ask("SHOW VERSION", cancellationToken)).Is(out var version, out var refusal)
            || !(await client.Ask("LISTS OWNED", cancellationToken)).Is(out var owned, out refusal))
        {
            return refusal;
        }

        var lists = ListName.Read(owned);
        return new ListservHealth([.. version.Where(HasText)], lists, lists.Count > 0 ? "" : Sentence(owned));
    }

    /// <summary>Everybody who is subscribed to a list.</summary>
    /// <param name="list">Its name.</param>
    /// <param name="subscriber">Gets each; what it got before a refusal is not everybody.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What LISTSERV said instead of subscribers; empty if there are some.</returns>
    public async Task<Outcome<string>> Subscribers(string list, Action<Subscription> subscriber, CancellationToken cancellationToken)
    {
        if (!ListName.IsSound(list))
        {
            return ListservRefusals.BadList(list);
        }

        return await Query(list, "*", subscriber, cancellationToken);
    }

    /// <summary>The header of a list, or what LISTSERV says instead.</summary>
    public async Task<Outcome<(ListHeader? Header, string Words)>> Header(string list, CancellationToken cancellationToken)
    {
        if (!ListName.IsSound(list))
        {
            return ListservRefusals.BadList(list);
        }

        // NOLOCK: without it the list would be locked for others until the header is stored.
        if (!(await client.Ask($"GET {list} (MSG NOLOCK HDR", cancellationToken)).Is(out var lines, out var refusal))
        {
            return refusal;
        }

        return ListHeader.TryRead(lines, out var header) ? (header, "") : (null, Sentence(lines));
    }

    /// <summary>Stores the header of a list. Whether it worked shows the header that is there afterwards.</summary>
    public async Task<Outcome<(ListHeader? Header, string Words)>> StoreHeader(string list, IReadOnlyList<string> lines, CancellationToken cancellationToken)
    {
        if (!ListName.IsSound(list))
        {
            return ListservRefusals.BadList(list);
        }

        if (!ListHeader.TryRead(lines, out var header))
        {
            return ListservRefusals.NoCommand("A header begins with an asterisk.");
        }

        if (!header.TryStore(list, out var command, out var problem))
        {
            return ListservRefusals.NoCommand(problem);
        }

        var answer = await client.Ask(command, cancellationToken);
        if (!answer.Is(out var said, out var refusal) && refusal.Code != ListservRefusals.LostCode)
        {
            return refusal;
        }

        var stored = await Header(list, cancellationToken);
        return stored.Is(out var found, out var silence) ? (found.Header, said is null ? found.Words : Sentence(said)) : refusal ?? silence;
    }

    /// <summary>The lines of a list's change log that are there now; none if there is none, or another answer.</summary>
    public async Task<Outcome<List<ChangeLogLine>>> ChangeLog(string list, CancellationToken cancellationToken)
    {
        var log = new List<ChangeLogLine>();
        var refusal = await client.Run(
            $"GET {list} CHANGELOG (MSG",
            line =>
            {
                if (ChangeLogLine.TryRead(line, out var read))
                {
                    log.Add(read);
                }
            },
            cancellationToken);
        return refusal is null ? log : refusal;
    }

    /// <summary>Subscribes an address without mail to it.</summary>
    public Task<Outcome<SubscriptionChange>> Add(string list, string address, string name, CancellationToken cancellationToken)
    {
        // LISTSERV wants a full name of two words, or an asterisk for none.
        var words = name.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return Change(list, address, plain => $"QUIET ADD {list} {plain} {(words.Length > 1 ? string.Join(' ', words) : "*")}", cancellationToken);
    }

    /// <summary>Takes an address off a list without mail to it.</summary>
    public Task<Outcome<SubscriptionChange>> Delete(string list, string address, CancellationToken cancellationToken) =>
        Change(list, address, plain => $"QUIET DELETE {list} {plain}", cancellationToken);

    private async Task<Outcome<SubscriptionChange>> Change(string list, string address, Func<string, string> command, CancellationToken cancellationToken)
    {
        if (!ListName.IsSound(list))
        {
            return ListservRefusals.BadList(list);
        }

        if (!EmailAddress.TryParse(address, out var read, out var problem) || read.Text.AsSpan().ContainsAny(" \"*"))
        {
            return ListservRefusals.BadAddress(address, read is null ? problem.InWords() : "LISTSERV would read its quotes, blanks or asterisks otherwise");
        }

        // A lost answer is no reason to stop: what matters is what the list says now.
        var answer = await client.Ask(command(read.Text), cancellationToken);
        if (!answer.Is(out var lines, out var refusal) && refusal.Code != ListservRefusals.LostCode)
        {
            return refusal;
        }

        var found = false;
        var queried = await Query(list, read.Text, subscription => found |= string.Equals(subscription.Address, read.Text, StringComparison.OrdinalIgnoreCase), cancellationToken);
        return queried.Is(out _, out var silence) ? new SubscriptionChange(found, lines is null ? "" : Sentence(lines)) : refusal ?? silence;
    }

    private async Task<Outcome<string>> Query(string list, string whom, Action<Subscription> subscriber, CancellationToken cancellationToken)
    {
        var reader = new SubscriptionReader();
        void Tell(Subscription? one)
        {
            if (one is not null)
            {
                subscriber(one);
            }
        }

        if (await client.Run($"QUERY ***GUI*** {list} FOR {whom}", line => Tell(reader.Take(line)), cancellationToken) is { } refusal)
        {
            return refusal;
        }

        Tell(reader.End());
        return reader.Sentence ?? "";
    }

    private static bool HasText(string line) => !string.IsNullOrWhiteSpace(line);

    private static string Sentence(IEnumerable<string> lines)
    {
        var text = string.Join(' ', lines.Where(HasText).Select(line => line.Trim()).Take(5));
        return text.Length > 500 ? text[..500] : text;
    }
}

/// <summary>What LISTSERV says of itself.</summary>
/// <param name="Version">Its answer to SHOW VERSION.</param>
/// <param name="Lists">The lists of the account.</param>
/// <param name="Words">What it said instead of lists.</param>
internal sealed record ListservHealth(IReadOnlyList<string> Version, IReadOnlyList<string> Lists, string Words);

/// <summary>How a subscription stands after a command.</summary>
/// <param name="Subscribed">Whether it is there.</param>
/// <param name="Words">What LISTSERV said; empty if its answer was lost.</param>
internal sealed record SubscriptionChange(bool Subscribed, string Words);
