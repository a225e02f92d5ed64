// SPDX-License-Identifier: Apache-2.0
namespace Tutti.System.Tests;

/// <summary>Owns what a test started, and takes it down after the verdict is known, so that what failed can be explained.</summary>
public abstract class SystemTest : IAsyncLifetime
{
    private readonly Stack<IAsyncDisposable> _owned = new();

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>True in <c>./test --long</c>.</summary>
    protected static bool IsLong => Environment.GetEnvironmentVariable("TUTTI_LONG") == "1";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var thing))
        {
            await thing.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected T Own<T>(T thing)
        where T : IAsyncDisposable
    {
        _owned.Push(thing);
        return thing;
    }
}
