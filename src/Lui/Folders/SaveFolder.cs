// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Folders;

/// <summary>Makes a folder, names it anew, or moves it.</summary>
internal sealed class SaveFolder(FolderStore folders)
{
    /// <param name="Who">Who does it.</param>
    /// <param name="Id">The folder; 0 for a new one.</param>
    /// <param name="Name">As people read it.</param>
    /// <param name="Parent">The folder that it lies in; null at the top.</param>
    public sealed record Command(Actor Who, long Id, string Name, long? Parent);

    public async Task<Outcome<Folder>> Handle(Command command, CancellationToken cancellationToken) =>
        Folder.CheckName(command.Name).Is(out var name, out var refusal)
            ? await folders.Save(command.Who, command.Id, name, command.Parent, cancellationToken)
            : refusal;
}
