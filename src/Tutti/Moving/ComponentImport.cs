// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text;
using Tutti.Commands.Setup;
using Tutti.Commands.Status;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;

namespace Tutti.Commands.Moving;

/// <summary>
/// Puts exported components into a stopped server. What they keep is unpacked beside the server's folders and compared
/// before it is moved to its place. The list in <c>conf/server.ini</c> changes last: killed before, the server starts as it
/// was, and the command can be given again.
/// </summary>
internal sealed class ComponentImport(HomeFolder home, TimeProvider clock, InvocationConfiguration console)
{
    /// <summary>Imports them.</summary>
    /// <param name="archive">What <c>tutti move export</c> wrote.</param>
    /// <param name="host">The name of a server that does not exist yet; null for one that does.</param>
    /// <param name="hub">HOST[:PORT] of HUB, where LUI comes to a server without it.</param>
    /// <param name="entries">Entries for the new server's <c>conf/server.ini</c>.</param>
    /// <param name="cancellationToken">Gives up before anything is changed.</param>
    public async Task<int> Run(string archive, string? host, string? hub, IReadOnlyList<Assignment> entries, CancellationToken cancellationToken)
    {
        var manifest = MoveArchive.ReadManifest(archive);
        if (manifest.Version != ServerVersion.Own)
        {
            throw new Complaint(ExitCode.Refused, $"{archive} was written by version {manifest.Version}; this is {ServerVersion.Own}. Bring both servers to the same version first.");
        }

        new ImportedAuthority(home, archive, manifest, clock).Check(
            host ?? (File.Exists(home.ServerIni) ? ServerConfiguration.Read(home, Environment.GetEnvironmentVariables()).Common.HostName : manifest.Host));
        if (host is null)
        {
            HomeOption.Existing(home.Path);
            await Place(archive, manifest, hub, cancellationToken);
        }
        else
        {
            if (!IsHalfMade())
            {
                RemoveStump();
                HomeWriter.Create(home, new SetupPlan { Components = [], HostName = host });
            }

            try
            {
                // The list of components comes last: from there on it is a server like every other.
                var text = entries.Aggregate(await File.ReadAllTextAsync(home.ServerIni, cancellationToken), (ini, entry) => IniEdit.Set(ini, entry.Key, entry.Value));
                PrivateFile.Replace(home.ServerIni, Encoding.UTF8.GetBytes(text));
                await Place(archive, manifest, hub, cancellationToken);
            }
            catch
            {
                HomeWriter.Remove(home);
                throw;
            }
        }

        var wrong = await NewServer.Complain(home, console.Error);
        var address = ServerConfiguration.Read(home, Environment.GetEnvironmentVariables());
        await console.Output.WriteLineAsync($"{home.Path} now carries {string.Join(", ", manifest.Components)}, as {manifest.Host} had it on {manifest.At:yyyy-MM-dd HH:mm} UTC.");
        await console.Output.WriteLineAsync($"Start it, then say on the hub's server: tutti hub servers add {address.Common.HostName}:{address.Common.InternalPort}");
        return wrong ? ExitCode.Usage : ExitCode.Done;
    }

    // Killed before the file that makes a folder a server: nothing but what set-up writes is in it.
    private void RemoveStump()
    {
        if (Directory.Exists(home.Path) && !File.Exists(home.ServerIni)
            && Directory.EnumerateFileSystemEntries(home.Path).All(entry => Path.GetFileName(entry) is "logs" or "conf" or "commands")
            && Directory.EnumerateFiles(home.Path, "*", SearchOption.AllDirectories).All(file => file == home.Resolve(new ServerSettings().TrustedRootsPath)))
        {
            HomeWriter.Remove(home);
        }
    }

    // A home that lists no component was begun by an import that was killed.
    private bool IsHalfMade() =>
        File.Exists(home.ServerIni) && IniFile.Parse("server.ini", File.ReadAllText(home.ServerIni)).Find(nameof(ServerSettings.Components)) is null or { Value: "" };

    private async Task Place(string archive, MoveManifest manifest, string? hub, CancellationToken cancellationToken)
    {
        var before = await File.ReadAllTextAsync(home.ServerIni, cancellationToken);
        RemoveHalfDone(manifest, before);
        var draft = Path.Combine(home.Path, $".import-{manifest.Archive}");
        if (Directory.Exists(draft))
        {
            Directory.Delete(draft, recursive: true);
        }

        var back = manifest.Components.Select(home.Component).Where(folder => MovedMark.Find(folder) is not null).ToDictionary(folder => folder.Name, folder => ReturningComponent.Find(folder)!);
        List<string> wanted = [.. manifest.Components.Where(component => !IsDone(component, manifest, before))];
        if (wanted.Count == 0 || wanted.Exists(component => Directory.Exists(home.Component(component).Path) && !back.ContainsKey(component)))
        {
            var taken = wanted.Find(component => Directory.Exists(home.Component(component).Path) && !back.ContainsKey(component)) ?? manifest.Components[0];
            throw new Complaint(ExitCode.Refused, $"{home.Component(taken).Path} is there already. A component is imported only into a server that does not carry it. Nothing was changed.");
        }

        using (var running = await RunningServer.Find(home, clock, cancellationToken))
        {
            if (running.Processes.Any())
            {
                throw new Complaint(ExitCode.Refused, $"The server in {home.Path} is running. Stop it, then import.");
            }
        }

        try
        {
            MoveArchive.Unpack(archive, manifest, draft);
            var unpacked = new HomeFolder(draft);
            foreach (var (component, returning) in back)
            {
                returning.Check(archive, manifest, unpacked.Component(component));
            }

            if (wanted.Contains("hub"))
            {
                new ImportedAuthority(home, archive, manifest, clock).Certify(unpacked.Component("hub"));
            }

            foreach (var component in wanted)
            {
                Prepare(unpacked, component, manifest);
                if (back.TryGetValue(component, out var returning))
                {
                    returning.Replace(unpacked.Component(component));
                }
                else
                {
                    Directory.Move(unpacked.Component(component).Path, home.Component(component).Path);
                }
            }

            // Read again: the password of the trusted roots may have changed in it.
            var after = ServerIni.WithComponents(await File.ReadAllTextAsync(home.ServerIni, cancellationToken), [.. wanted.Except(Listed(before))]);
            if (hub is not null)
            {
                after = IniEdit.Set(after, nameof(ServerSettings.Hub), hub);
            }
            else if (manifest.Components.Contains("hub"))
            {
                after = IniEdit.Remove(after, nameof(ServerSettings.Hub));
            }

            PrivateFile.Replace(home.ServerIni, Encoding.UTF8.GetBytes(after));
            foreach (var returning in back.Values)
            {
                returning.TakeMarkAway();
            }
        }
        finally
        {
            if (Directory.Exists(draft))
            {
                Directory.Delete(draft, recursive: true);
            }
        }
    }

    // Folders that an import of this archive put in place before it was killed; nobody has worked in them.
    private void RemoveHalfDone(MoveManifest manifest, string serverIni)
    {
        foreach (var folder in manifest.Components.Except(Listed(serverIni)).Select(home.Component).Where(folder => MovedMark.Find(folder) is null))
        {
            if (IsFrom(folder, manifest))
            {
                Directory.Delete(folder.Path, recursive: true);
            }
        }
    }

    // Imported by the same command before it was killed, while others of the archive still have their mark.
    private bool IsDone(string component, MoveManifest manifest, string serverIni) =>
        Listed(serverIni).Contains(component) && MovedMark.Find(home.Component(component)) is null && IsFrom(home.Component(component), manifest);

    private static bool IsFrom(ComponentFolder folder, MoveManifest manifest) => ReturningComponent.Past(folder) is [var last, ..] && last == manifest.Archive;

    private static string[] Listed(string serverIni) => IniFile.Parse("server.ini", serverIni).Find(nameof(ServerSettings.Components))?.Value.Split(',', StringSplitOptions.TrimEntries) ?? [];

    private void Prepare(HomeFolder draft, string component, MoveManifest manifest)
    {
        var folder = draft.Component(component);
        foreach (var path in new[] { folder.Path, folder.Data, folder.Logs, folder.Backup })
        {
            Directory.CreateDirectory(path);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        File.WriteAllLines(Path.Combine(folder.Path, ReturningComponent.Origin), [manifest.Archive, .. ReturningComponent.Past(folder)]);

        // Files that the configuration names by their old place have come along.
        var ini = draft.ComponentIni(component);
        var text = File.ReadAllText(ini);
        foreach (var entry in IniFile.Parse("", text).Entries.Where(entry => entry.Value.Contains(manifest.Home + "/", StringComparison.Ordinal)))
        {
            text = IniEdit.Set(text, entry.Key, entry.Value.Replace(manifest.Home + "/", home.Path + "/", StringComparison.Ordinal));
        }

        File.WriteAllText(ini, text);
    }
}
