// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Hub.Groups;

internal static class GroupRefusals
{
    public static Refusal BadName() =>
        new(RefusalKind.Invalid, "group.bad-name", SharedWords.Fill(GroupsWords.BadName, SharedWords.Number(Group.LongestName)), "Name");

    public static Refusal NameTaken(string name) => new(RefusalKind.Conflict, "group.name-taken", SharedWords.Fill(GroupsWords.NameTaken, name), "Name");

    public static Refusal Unknown(long id) =>
        new(RefusalKind.NotFound, "group.not-found", SharedWords.Fill(GroupsWords.NoSuchGroup, id.ToString(CultureInfo.InvariantCulture)));
}
