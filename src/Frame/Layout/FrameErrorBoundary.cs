// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging;
using Tutti.Frame.Words;

namespace Tutti.Frame.Layout;

/// <summary>Keeps the frame on the screen when a page fails. The person sees a code, the log what happened.</summary>
public sealed partial class FrameErrorBoundary : ErrorBoundary
{
    private string _code = "";

    [Inject]
    private ILogger<FrameErrorBoundary> Logger { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    /// <inheritdoc/>
    protected override Task OnErrorAsync(Exception exception)
    {
        _code = Time.GetUtcNow().ToString("MMdd-HHmmss", CultureInfo.InvariantCulture);
        LogPageFailed(Logger, exception, _code);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (CurrentException is null)
        {
            builder.AddContent(0, ChildContent);
            return;
        }

        builder.OpenElement(1, "div");
        builder.AddAttribute(2, "class", "t-note loss");
        builder.AddAttribute(3, "role", "alert");
        builder.OpenElement(4, "div");
        builder.OpenElement(5, "h2");
        builder.AddContent(6, FrameWords.ErrorTitle);
        builder.CloseElement();
        builder.OpenElement(7, "p");
        builder.AddContent(8, SharedWords.Fill(FrameWords.ErrorAdvice, _code));
        builder.CloseElement();
        builder.OpenElement(9, "div");
        builder.OpenElement(10, "button");
        builder.AddAttribute(11, "type", "button");
        builder.AddAttribute(12, "class", "t-btn");
        builder.AddAttribute(13, "onclick", EventCallback.Factory.Create(this, Recover));
        builder.AddContent(14, FrameWords.TryAgain);
        builder.CloseElement();
        builder.CloseElement();
        builder.CloseElement();
        builder.CloseElement();
    }

    [LoggerMessage(7001, LogLevel.Error, "A page failed; the person was told code {Code}", EventName = "frame.page.failed")]
    private static partial void LogPageFailed(ILogger logger, Exception failure, string code);
}
