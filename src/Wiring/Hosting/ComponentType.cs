// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Hosting;

/// <summary>A component as the host knows it: its name, its doors, and how it is put together.</summary>
public sealed class ComponentType
{
    internal ComponentType(string name, IReadOnlyList<Door> doors, Action<WebApplicationBuilder> add, Action<WebApplication> map, Func<ComponentFolder, bool> servesWithoutCorridor)
    {
        Name = name;
        Doors = doors;
        Add = add;
        Map = map;
        ServesWithoutCorridor = servesWithoutCorridor;
    }

    /// <inheritdoc cref="IComponent.Name"/>
    public string Name { get; }

    /// <inheritdoc cref="IComponent.Doors"/>
    public IReadOnlyList<Door> Doors { get; }

    internal Action<WebApplicationBuilder> Add { get; }

    internal Action<WebApplication> Map { get; }

    internal Func<ComponentFolder, bool> ServesWithoutCorridor { get; }

    /// <summary>The component that a type describes.</summary>
    public static ComponentType Of<T>()
        where T : IComponent => new(T.Name, T.Doors, T.Add, T.Map, T.ServesWithoutCorridor);
}
