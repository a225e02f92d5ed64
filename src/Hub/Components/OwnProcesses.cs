// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Hub.Components;

/// <summary>Where the hub finds the processes of its own server: one, or one per component where they run separately.</summary>
internal sealed record OwnProcesses(IReadOnlyList<(string Host, int Port)> Addresses);
