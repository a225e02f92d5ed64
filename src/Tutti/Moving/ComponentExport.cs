// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Tutti.Commands.Setup;
using Tutti.Commands.Status;
using Tutti.Contracts.Server.V1;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Hosting;
using Tutti.Wiring.Joining;

namespace Tutti.Commands.Moving;

/// <summary>Takes components out of a server: stops them, marks them as moved, and writes all they keep into one archive.</summary>
internal sealed class ComponentExport(HomeFolder home, TimeProvider clock, InvocationConfiguration console)
{
    /// <summary>Exports them.</summary>
    public async Task<int> Run(IReadOnlyList<string> components, string target, CancellationToken cancellationToken)
    {
        var server = ServerConfiguration.Read(home, Environment.GetEnvironmentVariables());
        if (components.Select(home.Component).FirstOrDefault(folder => MovedMark.Find(folder) is not null) is { } gone)
        {
            throw new Complaint(ExitCode.Refused, MovedMark.Find(gone)!.Explain(gone));
        }

        if (components.FirstOrDefault(component => !server.Components.Contains(component)) is { } stranger)
        {
            throw new Complaint(ExitCode.Usage, $"{stranger} is not a component of this server. conf/server.ini lists: {string.Join(", ", server.Components)}.");
        }

        if (File.Exists(target))
        {
            throw new Complaint(ExitCode.Refused, $"{target} exists already. Choose another name.");
        }

        await Stop(components, cancellationToken);
        var locks = components.Select(component => Lock(home.Component(component))).ToList();
        try
        {
            var manifest = new MoveManifest(
                RandomNumberGenerator.GetHexString(16, lowercase: true),
                ServerVersion.Own,
                clock.GetUtcNow(),
                server.Common.HostName,
                home.Path,
                components,
                [.. components.SelectMany(component => MoveArchive.FilesOf(home, component))],
                ClusterOf(components));

            // The marks come first: from here on none of them starts here by itself, whatever happens to the archive.
            foreach (var component in components)
            {
                new MovedMark(manifest.Archive, manifest.At, Path.GetFullPath(target)).Leave(home.Component(component));
            }

            Unlist(server.Components.Except(components).ToList());
            try
            {
                MoveArchive.Write(target, home, manifest);
            }
            catch (IOException exception)
            {
                foreach (var component in components)
                {
                    TakeBack(home, component);
                }

                throw new Complaint(ExitCode.Refused, $"{target} could not be written: {exception.Message} Nothing was exported; start what was stopped: tutti component start {components[0]} --home {home.Path}");
            }

            await console.Output.WriteLineAsync($"{string.Join(", ", components)} of {home.Path}: {manifest.Files.Count} files, {manifest.Files.Sum(file => file.Size)} bytes, in {target}.");
            await console.Output.WriteLineAsync($"Bring it to the new server and give there: tutti move import {Path.GetFileName(target)} --home DIR");
            await console.Output.WriteLineAsync("The archive holds addresses, keys and passwords; delete it when the new server runs.");
            return ExitCode.Done;
        }
        finally
        {
            locks.ForEach(held => held.Dispose());
        }
    }

    private MovedCluster? ClusterOf(IReadOnlyList<string> components)
    {
        var files = new ClusterHome(home, Environment.GetEnvironmentVariables(), clock);
        return components.Contains("hub") && files.Hub is not null ? new MovedCluster(files.Allowed, files.IsSecured) : null;
    }

    /// <summary>Takes back an export whose archive was never imported.</summary>
    public static async Task<int> Cancel(HomeFolder home, string component, bool yes, InvocationConfiguration console)
    {
        var folder = home.Component(component);
        if (MovedMark.Find(folder) is not { } mark)
        {
            throw new Complaint(ExitCode.Refused, $"{component} of {home.Path} was not exported.");
        }

        await Question.Ask(yes, $"If {mark.File} was imported anywhere, {component} will run twice: events are lost and messages are sent twice.", $"Was it never imported, and may {component} run here again?", console);
        TakeBack(home, component);
        await console.Output.WriteLineAsync($"{component} belongs to {home.Path} again. Delete {mark.File}, so that nobody imports it. Start the server again, or its component where the process has gone on: tutti component start {component} --home {home.Path}");
        return ExitCode.Done;
    }

    // First the list, then the mark: killed between the two it is listed and still does not start.
    private static void TakeBack(HomeFolder home, string component)
    {
        if (!ServerConfiguration.Read(home, Environment.GetEnvironmentVariables()).Components.Contains(component))
        {
            PrivateFile.Replace(home.ServerIni, Encoding.UTF8.GetBytes(ServerIni.WithComponents(File.ReadAllText(home.ServerIni), [component])));
        }

        File.Delete(MovedMark.PathIn(home.Component(component)));
    }

    // The next start of this server goes on with the others. The last one stays in the list: its mark says why nothing starts.
    private void Unlist(List<string> left)
    {
        if (left.Count > 0)
        {
            PrivateFile.Replace(home.ServerIni, Encoding.UTF8.GetBytes(IniEdit.Set(File.ReadAllText(home.ServerIni), nameof(ServerSettings.Components), string.Join(',', left))));
        }
    }

    private async Task Stop(IReadOnlyList<string> components, CancellationToken cancellationToken)
    {
        using var running = await RunningServer.Find(home, clock, cancellationToken);
        foreach (var component in components)
        {
            if (running.ProcessOf(component) is { } control)
            {
                await control.StopComponentAsync(new ComponentRequest { Name = component }, cancellationToken: cancellationToken);
                await console.Output.WriteLineAsync($"{component} stopped; the others go on.");
            }
        }
    }

    private static FileStream Lock(ComponentFolder folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder.Data, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new Complaint(ExitCode.Refused, $"{folder.Data} is in use by a process that does not answer. Stop it first.");
        }
    }
}
