// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Content;
using Tutti.Lui.Jobs;
using Tutti.Mail.Addresses;
using Tutti.Mail.Composing;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Senders;

/// <summary>Reads a sender as people write one, of a job or of a profile.</summary>
internal static class ReadSender
{
    private const int MostCharacters = 200;
    private const int MostInLines = 2000;
    private static readonly string[] _mergeMarks = ["{{", "{%", "&"];

    /// <summary>The sender that was meant, with addresses in their usual form.</summary>
    public static Outcome<JobSender> Of(JobSender written)
    {
        if (MergeTrouble(written) is { } merge)
        {
            return merge;
        }

        if (!EmailAddress.TryParse(written.Address, out var address, out var problem))
        {
            return SenderRefusals.Address("address", written.Address, problem.InWords());
        }

        EmailAddress? replyTo = null;
        if (!string.IsNullOrWhiteSpace(written.ReplyTo) && !EmailAddress.TryParse(written.ReplyTo, out replyTo, out problem))
        {
            return SenderRefusals.Address("replyTo", written.ReplyTo, problem.InWords());
        }

        EmailAddress? bouncesTo = null;
        if (!string.IsNullOrWhiteSpace(written.BouncesTo) && !EmailAddress.TryParse(written.BouncesTo, out bouncesTo, out problem))
        {
            return SenderRefusals.Address("bouncesTo", written.BouncesTo, problem.InWords());
        }

        var name = written.Name.Trim();
        if (name.Length > MostCharacters || name.Any(char.IsControl))
        {
            return SenderRefusals.Name(MostCharacters);
        }

        var organisation = Emptied(written.Organisation);
        if (organisation is not null && (organisation.Length > MostCharacters || organisation.Any(char.IsControl)))
        {
            return SenderRefusals.Organisation(MostCharacters);
        }

        var (postal, headers) = (Emptied(written.PostalAddress), Emptied(written.Headers));
        if (postal is { Length: > MostInLines } || headers is { Length: > MostInLines })
        {
            return SenderRefusals.TooLong(MostInLines, postal is { Length: > MostInLines } ? "postalAddress" : "headers");
        }

        var sender = new JobSender(name, address.Text, replyTo?.Text, organisation, postal, bouncesTo?.Text, headers);
        return HeaderTrouble(sender) is { } trouble ? SenderRefusals.Headers(trouble) : sender;
    }

    // Asked of what makes the messages, so that it is told here what would stop the delivery there.
    private static string? HeaderTrouble(JobSender sender) =>
        CompiledMessage.TryCompile(new MessageSource { Subject = "-", Text = "-", FromAddress = sender.Address, ExtraHeaders = MessageSources.HeadersOf(sender) }, out _, out var problems)
            ? null
            : problems.FirstOrDefault(problem => problem.Field == nameof(MessageSource.ExtraHeaders))?.Message;

    /// <summary>Merge fields have no place in addresses: a signature is made with the key of one domain, and a reply must find somebody.</summary>
    private static Refusal? MergeTrouble(JobSender written)
    {
        if (!_mergeMarks.Any(mark => written.Address.Contains(mark, StringComparison.Ordinal)))
        {
            return null;
        }

        var at = written.Address.LastIndexOf('@');
        return at >= 0 && _mergeMarks.Any(mark => written.Address[at..].Contains(mark, StringComparison.Ordinal))
            ? SenderRefusals.MergedDomain(written.Address)
            : written.Address.Contains('{', StringComparison.Ordinal) ? SenderRefusals.MergedAddress(written.Address) : null;
    }

    private static string? Emptied(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim().ReplaceLineEndings("\n");
}
