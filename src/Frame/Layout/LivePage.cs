// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Components;

namespace Tutti.Frame.Layout;

/// <summary>A page that looks again and again while somebody has it open.</summary>
public abstract class LivePage : ComponentBase, IHandleEvent, IDisposable
{
    private readonly CancellationTokenSource _leaving = new();

    /// <summary>Ends when they leave the page.</summary>
    protected CancellationToken Leaving { get; private set; }

    /// <summary>Where the time comes from.</summary>
    [Inject]
    protected TimeProvider Time { get; set; } = default!;

    /// <summary>The pause between two looks, read before every pause.</summary>
    protected virtual TimeSpan LookEvery => TimeSpan.FromSeconds(5);

    /// <summary>Reads what the page shows.</summary>
    protected abstract Task Look();

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Leaving = _leaving.Token;
        if (await IsDone(Look()))
        {
            _ = KeepLooking();
        }
    }

    /// <inheritdoc/>
    async Task IHandleEvent.HandleEventAsync(EventCallbackWorkItem item, object? arg)
    {
        // As the framework does it: once when the work has begun, once when it is done.
        var work = item.InvokeAsync(arg);
        var isAtOnce = work.IsCompletedSuccessfully;
        StateHasChanged();
        if (!isAtOnce && await IsDone(work))
        {
            StateHasChanged();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>They left the page.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _leaving.Cancel();
            _leaving.Dispose();
        }
    }

    /// <summary>Waits for work. False if they left meanwhile: how it ends then, an answer of a server that was called off too, concerns nobody.</summary>
    private async Task<bool> IsDone(Task work)
    {
        await work.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        if (!work.IsCanceled && !(work.IsFaulted && _leaving.IsCancellationRequested))
        {
            // Again, so that a failure is one.
            await work;
        }

        return work.IsCompletedSuccessfully;
    }

    private async Task KeepLooking()
    {
        try
        {
            while (true)
            {
                await Task.Delay(LookEvery, Time, Leaving);
                await InvokeAsync(async () =>
                {
                    await Look();
                    StateHasChanged();
                });
            }
        }
        catch (Exception failure)
        {
            // Nobody awaits the loop: it ends here, and unless they left, the frame shows why.
            if (!Leaving.IsCancellationRequested)
            {
                await DispatchExceptionAsync(failure);
            }

            throw;
        }
    }
}
