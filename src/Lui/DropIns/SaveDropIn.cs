// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Lui.Files;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.DropIns;

/// <summary>Makes a drop-in, or changes one. What has to be fetched is fetched once first, and only kept if that goes well.</summary>
internal sealed class SaveDropIn(DropInStore store, FetchDropIn fetch, TimeProvider clock)
{
    /// <summary>Longest name in characters.</summary>
    public const int MaxName = 80;

    /// <summary>Longest content in characters.</summary>
    public const int MaxBody = 500_000;

    /// <param name="Before">The name of the one to change; null for a new one.</param>
    /// <param name="Name">How messages name it.</param>
    /// <param name="Description">What it is for.</param>
    /// <param name="Kind">Where its content comes from.</param>
    /// <param name="IsHtml">Whether its content is HTML.</param>
    /// <param name="IsEnabled">Whether messages get it.</param>
    /// <param name="Place">The address, or the name of the database.</param>
    /// <param name="Body">What was written, or the statement; of a file null keeps what is there.</param>
    /// <param name="Who">Who saves it.</param>
    public sealed record Command(string? Before, string Name, string Description, DropInKind Kind, bool IsHtml, bool IsEnabled, string Place, string? Body, Actor Who);

    public async Task<Outcome<DropIn>> Handle(Command command, CancellationToken cancellationToken)
    {
        var before = command.Before is null ? null : await store.Find(command.Before, cancellationToken);
        if (command.Before is not null && before is null)
        {
            return DropInRefusals.NotFound(command.Before);
        }

        var name = command.Name.Trim();
        if (name.Length is 0 or > MaxName || name.StartsWith('*') || name.AsSpan().ContainsAny('[', ']') || name.Any(char.IsControl))
        {
            return DropInRefusals.Name(MaxName);
        }

        if (await store.Find(name, cancellationToken) is { } other && other.Id != before?.Id)
        {
            return DropInRefusals.NameTaken(name);
        }

        var isFile = command.Kind == DropInKind.File;
        var dropIn = new DropIn(
            before?.Id ?? 0,
            name,
            command.Description.Trim(),
            command.Kind,
            command.IsHtml,
            command.IsEnabled,
            isFile ? command.Body is null ? before?.Place ?? "" : command.Place : command.Kind == DropInKind.Text ? "" : command.Place.Trim(),
            command.Kind == DropInKind.Url ? "" : command.Body ?? before?.Body ?? "",
            command.Who,
            clock.GetUtcNow());
        return (Check(dropIn) ?? await Try(dropIn, cancellationToken)) is { } refusal ? refusal : await store.Save(dropIn, cancellationToken);
    }

    /// <summary>Takes a file as the content of a drop-in that is there or, as plain text, of a new one.</summary>
    public async Task<Outcome<DropIn>> Upload(string name, string fileName, Stream content, Actor who, CancellationToken cancellationToken)
    {
        if (await FileContent.Read(content, MaxBody, cancellationToken) is not { } file)
        {
            return DropInRefusals.TooLong(MaxBody);
        }

        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file.Content).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return DropInRefusals.NoText(fileName);
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return DropInRefusals.NoText(fileName);
        }

        var before = await store.Find(name.Trim(), cancellationToken);
        return await Handle(
            new Command(before?.Name, name, before?.Description ?? "", DropInKind.File, before?.IsHtml ?? FileNature.Of(fileName, file.Content).ContentType.StartsWith("text/html", StringComparison.Ordinal), before?.IsEnabled ?? true, fileName, text, who),
            cancellationToken);
    }

    private static Refusal? Check(DropIn dropIn) => dropIn switch
    {
        { Body.Length: > MaxBody } => DropInRefusals.TooLong(MaxBody),
        { Kind: DropInKind.File, Place: "" } => DropInRefusals.NoFile(),
        { Kind: DropInKind.Url } when !Uri.TryCreate(dropIn.Place, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0 => DropInRefusals.Address(),
        _ => null,
    };

    private async Task<Refusal?> Try(DropIn dropIn, CancellationToken cancellationToken) =>
        dropIn.IsFetched && (await fetch.Handle(dropIn, cancellationToken)).Problem is { } problem ? DropInRefusals.Failed(problem) : null;
}
