// SPDX-License-Identifier: Apache-2.0
using Tutti.System.Tests.Receiving;

namespace Tutti.System.Tests.Audiences;

/// <summary>A recipient, and how her mail server behaves towards her at each attempt; after the last one it accepts.</summary>
public sealed record Person(int Number, string Address, string FirstName, string LastName, string Plan, IReadOnlyList<Behaviour> Behaviours)
{
    public Behaviour At(int attempt) => attempt <= Behaviours.Count ? Behaviours[attempt - 1] : Behaviour.Accept;
}
