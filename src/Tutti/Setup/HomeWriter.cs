// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tutti.Commands.Databases;
using Tutti.Wiring.Certificates;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Storage;

namespace Tutti.Commands.Setup;

/// <summary>Writes the installation folder. Only its owner may enter; nothing that exists is ever overwritten.</summary>
internal static class HomeWriter
{
    private const UnixFileMode Folder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Sees to it that a new home can be made at its path.</summary>
    /// <exception cref="Complaint">There is already something.</exception>
    public static void CheckFree(HomeFolder home)
    {
        if (Directory.Exists(home.Path) && Directory.EnumerateFileSystemEntries(home.Path).Any())
        {
            throw new Complaint(ExitCode.Refused, System.IO.File.Exists(home.ServerIni)
                ? $"{home.Path} is already a Tutti server. Use --add to give it further components, or choose another folder."
                : $"{home.Path} is not empty. Choose a folder that does not exist yet.");
        }

        if (System.IO.File.Exists(home.Path))
        {
            throw new Complaint(ExitCode.Refused, $"{home.Path} is a file. Choose a folder that does not exist yet.");
        }
    }

    /// <summary>Writes a new home.</summary>
    /// <exception cref="Complaint">There is already something at its path.</exception>
    public static void Create(HomeFolder home, SetupPlan plan)
    {
        CheckFree(home);

        MakeFolder(home.Path);
        MakeFolder(home.Logs);
        MakeFolder(Path.GetDirectoryName(home.ServerIni)!);
        MakeFolder(Path.GetDirectoryName(home.SslIni)!);
        Write(home.Resolve(new ServerSettings().TrustedRootsPath), Pkcs12Writer.Write([], [], TrustedRoots.ShippedPassword));
        WriteComponents(home, plan);

        // Last, because this file is what makes the folder a server.
        Write(home.ServerIni, ServerIni.Text(plan));
    }

    /// <summary>Writes the folders of a plan's components into a home.</summary>
    public static void WriteComponents(HomeFolder home, SetupPlan plan)
    {
        IEnumerable<Assignment> assignments = plan.DatabaseUrl is { } url ? [.. WriteDatabase(home, url), .. plan.Assignments] : plan.Assignments;
        foreach (var component in plan.Components)
        {
            WriteComponent(home, component, assignments);
        }
    }

    private static void WriteComponent(HomeFolder home, string component, IEnumerable<Assignment> assignments)
    {
        var folder = home.Component(component);
        MakeFolder(folder.Path);
        MakeFolder(folder.Data);
        MakeFolder(folder.Logs);
        MakeFolder(folder.Backup);
        Write(home.ComponentIni(component), ComponentIni.Text(component, assignments.Where(assignment => assignment.Owner == component)));
    }

    // The URL has the password: it gets a file of its own, and lui.ini leads there.
    private static IEnumerable<Assignment> WriteDatabase(HomeFolder home, string url)
    {
        var path = SystemDatabaseFile.PathIn(home);
        MakeFolder(Path.GetDirectoryName(path)!);
        SystemDatabaseFile.Write(home, url);
        return [new Assignment("lui", nameof(DatabaseSettings.Database), "postgres"), new Assignment("lui", nameof(DatabaseSettings.DatabaseUrl), $"file:{path}")];
    }

    /// <summary>Takes back what <see cref="Create"/> wrote, after something in it proved wrong. Never called for a home that was there before.</summary>
    public static void Remove(HomeFolder home)
    {
        // An empty folder that the administrator had made stays an empty folder.
        foreach (var folder in Directory.EnumerateDirectories(home.Path))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, Folder);
        // An empty folder that was there before keeps its rights otherwise.
        System.IO.File.SetUnixFileMode(path, Folder);
    }

    private static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    private static void Write(string path, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File;
        }

        using var stream = new FileStream(path, options);
        stream.Write(content);
    }
}
