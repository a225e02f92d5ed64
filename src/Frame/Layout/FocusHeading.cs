// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Tutti.Frame.Layout;

/// <summary>
/// Moves the focus to the heading of a page one has come to. On a slow connection that can be after somebody began to type; then
/// the focus stays where they type.
/// </summary>
public sealed class FocusHeading : ComponentBase
{
    private Type? _page;
    private bool _moved;

    /// <summary>Where one is.</summary>
    [Parameter]
    [EditorRequired]
    public RouteData? RouteData { get; set; }

    [Inject]
    private IJSRuntime Script { get; set; } = default!;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        _moved = _page != RouteData?.PageType;
        _page = RouteData?.PageType;
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_moved)
        {
            _moved = false;
            await Script.InvokeVoidAsync("tuttiFrame.focusHeading");
        }
    }
}
