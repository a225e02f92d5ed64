// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Tutti.Commands.Status;
using Tutti.Wiring.Configuration;

namespace Tutti.Commands.Setup;

/// <summary>Gives a stopped server further components; of what is there only the list in <c>conf/server.ini</c> changes.</summary>
internal sealed class AddedComponents(HomeFolder home, SetupPlan plan, InvocationConfiguration console)
{
    /// <summary>Adds them.</summary>
    public async Task<int> Add(string? passwordFile, CancellationToken cancellationToken)
    {
        HomeOption.Existing(home.Path);
        var before = await File.ReadAllTextAsync(home.ServerIni, cancellationToken);
        if (plan.Components.FirstOrDefault(component => Directory.Exists(home.Component(component).Path)) is { } known)
        {
            throw new Complaint(ExitCode.Refused, $"{home.Path} carries {known} already. Nothing was changed.");
        }

        using (var running = await RunningServer.Find(home, TimeProvider.System, cancellationToken))
        {
            if (running.Processes.Any())
            {
                throw new Complaint(ExitCode.Refused, $"The server in {home.Path} is running. Stop it, then add components.");
            }
        }

        var hub = IniFile.Parse("server.ini", before).Find(nameof(ServerSettings.Hub));
        if (plan.Components.Contains("hub") && hub is { Value.Length: > 0 })
        {
            throw new Complaint(
                ExitCode.Refused, $"The User Interface of {home.Path} uses the hub at {hub.Value} (conf/server.ini:{hub.Line}). There is one hub in an installation. Nothing was changed.");
        }

        var administrator = plan.Components.Contains("hub") ? Administrator.Of(passwordFile) : null;
        HomeWriter.WriteComponents(home, plan);

        if (administrator is not null)
        {
            await administrator.Create(home, TimeProvider.System, cancellationToken);
        }

        // Last: from this moment on the server carries them.
        var after = ServerIni.WithComponents(before, plan.Components);
        if (plan.Hub is { } address && hub is null)
        {
            after = after.TrimEnd('\n') + "\n\n" + new IniText().Comment("Where the Administration Hub is.").Set(nameof(ServerSettings.Hub), address);
        }

        await File.WriteAllTextAsync(home.ServerIni, after, cancellationToken);
        await console.Output.WriteLineAsync($"{home.Path} now carries {string.Join(", ", plan.Components)} too.");
        if (administrator is { IsFresh: true })
        {
            await console.Output.WriteLineAsync($"Sign in as {administrator.Account} with the password {administrator.Password} - it is shown only now.");
        }

        return await NewServer.Complain(home, console.Error) ? ExitCode.Usage : ExitCode.Done;
    }
}
