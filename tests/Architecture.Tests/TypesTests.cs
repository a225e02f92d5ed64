// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;

namespace Tutti.Architecture.Tests;

public sealed class TypesTests
{
    private static readonly Dictionary<string, (int From, int To)> _eventBlocks = new()
    {
        ["Tutti.Wiring"] = (1000, 1999),
        ["Tutti.Hub"] = (2000, 2999),
        ["Tutti.Trk"] = (3000, 3999),
        ["Tutti.Lui"] = (4000, 4999),
        ["Tutti.Dst"] = (5000, 5999),
        ["tutti"] = (6000, 6999),
        ["Tutti.Frame"] = (7000, 7999),
    };

    private static readonly IReadOnlyList<Assembly> _rooms = [.. _eventBlocks.Keys.Select(Assembly.Load), Assembly.Load("Tutti.Mail")];

    private static IEnumerable<Type> Types => _rooms
        .SelectMany(room => room.GetTypes())
        .Where(type => type.Namespace?.StartsWith("Tutti.", StringComparison.Ordinal) == true && !type.Name.Contains('<', StringComparison.Ordinal));

    [Fact]
    public void Classes_are_closed_unless_they_are_meant_to_be_built_upon()
    {
        var classes = Types.Where(type => type.IsClass && !typeof(ComponentBase).IsAssignableFrom(type) && !typeof(Delegate).IsAssignableFrom(type)).ToList();
        var open = classes.Where(type => !type.IsSealed && !type.IsAbstract).ToList();

        Assert.NotEmpty(classes);
        Assert.True(open.Count <= classes.Count / 10, $"{open.Count} of {classes.Count} classes are open: {string.Join(", ", open.Select(type => type.FullName))}");
    }

    [Fact]
    public void Log_events_are_numbered_once_and_in_their_component_s_block()
    {
        var events = _rooms
            .SelectMany(room => room.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Method: method, Event: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(found => found.Event is not null)
            .Select(found => (Room: found.Method.DeclaringType!.Assembly.GetName().Name!, Name: $"{found.Method.DeclaringType.FullName}.{found.Method.Name}", found.Event!.EventId))
            .ToList();

        Assert.NotEmpty(events);
        Assert.Empty(events.GroupBy(each => each.EventId).Where(group => group.Count() > 1).Select(group => $"{group.Key}: {string.Join(", ", group.Select(each => each.Name))}"));
        Assert.Empty(events.Where(each => each.EventId < _eventBlocks[each.Room].From || each.EventId > _eventBlocks[each.Room].To).Select(each => $"{each.EventId} {each.Name}"));
    }

    [Fact]
    public void Components_do_not_know_each_other()
    {
        string[] components = ["Tutti.Lui", "Tutti.Hub", "Tutti.Trk", "Tutti.Dst"];
        foreach (var component in components)
        {
            var references = Assembly.Load(component).GetReferencedAssemblies().Select(reference => reference.Name!).ToList();

            Assert.NotEmpty(references);
            Assert.Empty(references.Intersect(components));
        }
    }
}
