// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Tutti.Frame.Layout;
using Tutti.Frame.People;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Shell;

/// <summary>A page on which somebody who signed in does something.</summary>
public abstract class PersonsPage : LivePage
{
    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>Who does it.</summary>
    private protected Actor Who { get; private set; } = Actor.Tutti;

    /// <summary>Why what was asked for was not done; null if it was.</summary>
    private protected Refusal? Refused { get; set; }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        var state = await (Authentication ?? throw new InvalidOperationException("The page needs somebody who signed in."));
        var person = SignedIn.Of(state.User) ?? throw new InvalidOperationException("The page needs somebody who signed in.");
        Who = new Actor(person.Id.ToString(CultureInfo.InvariantCulture), person.DisplayName);
        await base.OnInitializedAsync();
    }

    /// <summary>Keeps the refusal for the page to show, and tells whether there was none.</summary>
    private protected bool Took<T>(Outcome<T> outcome)
    {
        Refused = outcome.IsRefused ? outcome.Refusal : null;
        return !outcome.IsRefused;
    }
}
