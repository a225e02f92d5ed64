// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Listserv;

/// <summary>Somebody who is subscribed to a list.</summary>
/// <param name="Address">As LISTSERV has it.</param>
/// <param name="Name">Full name; may be empty.</param>
/// <param name="List">The list.</param>
/// <param name="Options">MAIL, NOMAIL, DIGEST and so on, as told.</param>
public sealed record Subscription(string Address, string Name, string List, IReadOnlyList<string> Options)
{
    /// <summary>Whether messages go to this subscriber one by one.</summary>
    public bool GetsMail => !Options.Any(option => option.ToUpperInvariant() is "NOMAIL" or "DIGEST" or "INDEX" or "DIGESTS");
}

/// <summary>Reads the records that <c>QUERY ***GUI***</c> answers with, while they come in.</summary>
public sealed class SubscriptionReader
{
    private const string Header = "***HDR***";
    private const string NameTag = "***NAME***";
    private const string ListTag = "***LIST***";
    private const string OptionTag = "***OPT***";

    private readonly List<string> _options = [];
    private string? _address;
    private string _name = "";
    private string _list = "";
    private bool _inOptions;

    /// <summary>What was said instead of records, such as that nobody is subscribed; null while there are records.</summary>
    public string? Sentence { get; private set; }

    /// <summary>Takes the next line.</summary>
    /// <returns>The subscription that this line ends, or null.</returns>
    public Subscription? Take(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (line.StartsWith(Header, StringComparison.Ordinal))
        {
            var before = End();
            _address = line[Header.Length..].Trim();
            return before;
        }

        if (_address is null)
        {
            Sentence ??= line.Length > 0 && line[0] != '*' ? line.Trim() : null;
        }
        else if (line.StartsWith(NameTag, StringComparison.Ordinal))
        {
            _name = line[NameTag.Length..].Trim();
        }
        else if (line.StartsWith(ListTag, StringComparison.Ordinal))
        {
            _list = line[ListTag.Length..].Trim();
        }
        else if (line.StartsWith(OptionTag, StringComparison.Ordinal))
        {
            _inOptions = true;
            Add(line[OptionTag.Length..]);
        }
        else if (line.StartsWith("***", StringComparison.Ordinal))
        {
            _inOptions = false;
        }
        else if (_inOptions)
        {
            Add(line);
        }

        return null;
    }

    /// <summary>There are no more lines.</summary>
    /// <returns>The last subscription, or null.</returns>
    public Subscription? End()
    {
        var last = _address is { Length: > 0 } address ? new Subscription(address, _name, _list, [.. _options]) : null;
        (_address, _name, _list, _inOptions) = (null, "", "", false);
        _options.Clear();
        return last;
    }

    private void Add(string words) => _options.AddRange(words.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
}
