// SPDX-License-Identifier: Apache-2.0
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Tutti.Dst.Inbound;

namespace Tutti.Dst.Capture;

/// <summary>The capture mailbox as the receiver sees it.</summary>
internal sealed partial class CaptureDelivery(CaptureStore store, ILogger<CaptureDelivery> logger) : Mailbox
{
    private readonly CaptureBehaviour _behaviour = new();

    /// <inheritdoc/>
    public override string AnswerTo(string recipient) => _behaviour.AnswerTo(recipient);

    /// <inheritdoc/>
    public override async ValueTask<string?> Keep(ReceivedMail mail, CancellationToken cancellationToken)
    {
        try
        {
            await store.Keep(mail, cancellationToken);
            return mail.Recipients.Any(CaptureBehaviour.IsLost) ? null : "250 2.0.0 Captured";
        }
        catch (SqliteException failure)
        {
            LogNotKept(failure.Message);
            return "452 4.3.1 The capture mailbox cannot write.";
        }
    }

    [LoggerMessage(5201, LogLevel.Error, "The capture mailbox could not keep a message: {Problem}", EventName = "dst.capture.not-kept")]
    private partial void LogNotKept(string problem);
}
