// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.People;
using Tutti.Hub.Accounts;

namespace Tutti.Hub.SignIn;

/// <summary>Tells whether somebody who was let in before is still welcome.</summary>
internal sealed class Standing(AccountStore accounts)
{
    /// <param name="id">The account's number.</param>
    /// <param name="stamp">The account's stamp when they came in.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> Is(long id, long stamp, CancellationToken cancellationToken) =>
        await accounts.Find(id, cancellationToken) is { MaySignIn: true } account && account.Stamp == stamp;
}

/// <summary>The same for the hub's own pages.</summary>
internal sealed class StandingHere(Standing standing) : IStanding
{
    /// <inheritdoc/>
    public Task<bool> IsWelcome(SignedIn person, CancellationToken cancellationToken) => standing.Is(person.Id, person.Stamp, cancellationToken);
}
