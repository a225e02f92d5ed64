// SPDX-License-Identifier: Apache-2.0
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Tutti.Frame.Layout;

namespace Tutti.Frame.Tests.Layout;

public sealed class LivePageTests : IAsyncLifetime
{
    private readonly BunitContext _browser = new();

    public ValueTask InitializeAsync()
    {
        _browser.Services.AddSingleton<TimeProvider>(new FakeTimeProvider());
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _browser.DisposeAsync();

    [Fact]
    public async Task Work_that_ends_badly_after_they_left_concerns_nobody()
    {
        var page = _browser.Render<Page>();
        var pressed = page.Find("button").ClickAsync(new MouseEventArgs());
        var instance = page.Instance;

        await _browser.DisposeComponentsAsync();
        instance.Work.SetException(new IOException("called off"));
        await pressed;

        Assert.False(_browser.Renderer.UnhandledException.IsCompleted);
    }

    [Fact]
    public async Task Work_that_fails_while_they_look_is_a_failure_of_the_page()
    {
        var page = _browser.Render<Page>();
        var pressed = page.Find("button").ClickAsync(new MouseEventArgs());

        page.Instance.Work.SetException(new IOException("really"));
        await pressed;

        Assert.Equal("really", (await _browser.Renderer.UnhandledException).Message);
    }

    [Fact]
    public async Task The_page_is_drawn_when_work_begins_and_when_it_is_done()
    {
        var page = _browser.Render<Page>();
        var pressed = page.Find("button").ClickAsync(new MouseEventArgs());
        page.WaitForAssertion(() => Assert.Equal("at work", page.Find("p").TextContent));

        page.Instance.Work.SetResult();
        await pressed;

        page.WaitForAssertion(() => Assert.Equal("done", page.Find("p").TextContent));
    }

    private sealed class Page : LivePage
    {
        private string _state = "new";

        public TaskCompletionSource Work { get; } = new();

        protected override Task Look() => Task.CompletedTask;

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "button");
            builder.AddAttribute(1, "onclick", EventCallback.Factory.Create<MouseEventArgs>(this, Press));
            builder.CloseElement();
            builder.OpenElement(2, "p");
            builder.AddContent(3, _state);
            builder.CloseElement();
        }

        private async Task Press()
        {
            _state = "at work";
            await Work.Task;
            _state = "done";
        }
    }
}
