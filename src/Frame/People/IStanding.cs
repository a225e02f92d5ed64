// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Frame.People;

/// <summary>Knows whether somebody who came in before is still welcome.</summary>
public interface IStanding
{
    /// <summary>False if their account was disabled since, or got another password or role. True when nobody can tell: who is in stays in.</summary>
    Task<bool> IsWelcome(SignedIn person, CancellationToken cancellationToken);
}
