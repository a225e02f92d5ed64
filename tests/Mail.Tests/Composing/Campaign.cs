// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using MimeKit;
using Tutti.Mail.Composing;
using Tutti.Mail.Links;
using Tutti.Mail.Merging;

namespace Tutti.Mail.Tests.Composing;

/// <summary>Compiles and composes for tests, and reads the result with a mail library.</summary>
internal static class Campaign
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 5, 7, TimeSpan.FromHours(1));
    public static readonly LinkKey Key = new(3, [.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    public static MessageSource Source { get; } = new() { Subject = "News", Text = "text", FromAddress = "news@example.org" };

    public static CompiledMessage Compile(MessageSource source)
    {
        Assert.True(CompiledMessage.TryCompile(source, out var message, out var problems), string.Join('\n', problems));
        return message;
    }

    public static IReadOnlyList<MessageProblem> Problems(MessageSource source)
    {
        Assert.False(CompiledMessage.TryCompile(source, out var message, out var problems));
        Assert.Null(message);
        return problems;
    }

    public static MergedValues Merge(CompiledMessage message, params (string Name, string Value)[] fields)
    {
        var row = new MergeRow(new MergeFields([.. fields.Select(field => field.Name)]), [.. fields.Select(field => field.Value)], "anna@example.net");
        Assert.True(message.Plan.TryCompute(row, Now, out var values, out var problem), problem);
        return values;
    }

    public static MessageComposer Composer(CompiledMessage message, TrackingType tracking = TrackingType.Personal) => new(message.Pieces, new ComposerSettings
    {
        JobId = 12,
        Key = Key,
        TrackingUrl = "https://click.example.org/",
        Tracking = tracking,
        MessageIdDomain = "example.org",
    });

    public static MessageRecipient Recipient(MergedValues values, ulong? token = 42) => new(7, "anna@example.net", "Anna", token, values.Values);

    public static byte[] Bytes(MessageComposer composer, MessageRecipient recipient)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(composer.TryCompose(output, recipient, Now, out var problem), problem);
        return output.WrittenSpan.ToArray();
    }

    public static MimeMessage Read(byte[] bytes) => MimeMessage.Load(new MemoryStream(bytes));

    public static string Html(this MimeMessage message) => message.HtmlBody ?? throw new InvalidOperationException("There is no HTML part.");

    public static string Text(this MimeMessage message) => message.TextBody ?? throw new InvalidOperationException("There is no text part.");

    public static MimeMessage Compose(MessageSource source, params (string Name, string Value)[] fields)
    {
        var message = Compile(source);
        return Read(Bytes(Composer(message, source.Tracking), Recipient(Merge(message, fields))));
    }

    /// <summary>The token behind a URL of the tracker; checked.</summary>
    public static LinkToken Token(string url)
    {
        var slash = url.LastIndexOf('/');
        Assert.True(LinkToken.TryRead(url.AsSpan(slash + 1), out var token), url);
        Assert.True(token.Verify(Key.Secret));
        Assert.Equal("https://click.example.org" + LinkPaths.Of(token.Kind), url[..(slash + 1)]);
        return token;
    }
}
