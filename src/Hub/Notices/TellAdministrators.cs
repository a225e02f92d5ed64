// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;

namespace Tutti.Hub.Notices;

/// <summary>
/// Tells administrators by mail what needs attention: each thing once, and again when it comes back after it was mended; several in
/// one mail. What was told is kept, so killed between the mail and that the hub tells it twice, never not at all.
/// </summary>
internal sealed partial class TellAdministrators(CurrentConditions conditions, NoticeStore store, NoticeMail mail, NoticesSettings settings, TimeProvider clock, ILogger<TellAdministrators> logger)
{
    private volatile string? _problem;

    /// <summary>Why the last mail could not be sent; null if it was.</summary>
    public string? Problem => _problem;

    /// <summary>Looks, and sends a mail if there is something to tell.</summary>
    /// <returns>How many things were told.</returns>
    public async Task<int> Handle(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await store.Keep(await conditions.All(cancellationToken), now, settings.NoticesAfter, cancellationToken);
        var due = await store.Due(now - settings.NoticesAfter, cancellationToken);
        if (due.Count == 0 || (await store.LastTold(cancellationToken) is { } last && now - last < settings.NoticesAfter))
        {
            return 0;
        }

        try
        {
            await mail.Send(due, now, cancellationToken);
        }
        catch (IOException failure)
        {
            if (_problem != failure.Message)
            {
                LogNotSent(settings.NoticesHost, failure.Message);
            }

            _problem = failure.Message;
            return 0;
        }

        _problem = null;
        await store.Told(due, now, cancellationToken);
        LogTold(due.Count);
        return due.Count;
    }

    [LoggerMessage(2401, LogLevel.Information, "Administrators were told by mail of {Count} things that need attention", EventName = "hub.notices.told")]
    private partial void LogTold(int count);

    [LoggerMessage(2402, LogLevel.Error, "{Host} did not take the mail to administrators: {Problem} It is tried again", EventName = "hub.notices.not-sent")]
    private partial void LogNotSent(string host, string problem);
}
