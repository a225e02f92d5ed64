// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tutti.Wiring.Configuration;
using Tutti.Wiring.Corridor;
using Tutti.Wiring.Storage;
using Tutti.Wiring.Telemetry;

namespace Tutti.Wiring.Hosting;

/// <summary>Where a component stands.</summary>
public enum ComponentState
{
    /// <summary>Not running.</summary>
    Stopped,

    /// <summary>On its way up.</summary>
    Starting,

    /// <summary>At work.</summary>
    Running,

    /// <summary>Draining.</summary>
    Stopping,

    /// <summary>Could not start, or fell.</summary>
    Failed,
}

/// <summary>One component inside this process: built anew at every start, so that nothing of an earlier life is left.</summary>
internal sealed partial class RunningComponent(
    ComponentType type, HomeFolder home, ServerConfiguration server, IDictionary environment, ServerCorridor? corridor, TimeProvider clock, ILogger logger)
    : IDoorKeeper, IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private WebApplication? _application;
    private ComponentServer? _server;
    private FileStream? _lock;
    private bool _hasAnnounced;

    public string Name => type.Name;

    public IReadOnlyList<Door> Doors => type.Doors;

    public ComponentState State { get; private set; }

    /// <summary>Where its settings come from, once it is built.</summary>
    public SettingsSource? Settings { get; private set; }

    /// <summary>Why it is in state failed.</summary>
    public string? Failure { get; private set; }

    /// <summary>What answers its requests now, or null.</summary>
    public HostedApplication? Requests => _server?.Application;

    /// <summary>True if it may run although the corridor is refused.</summary>
    public bool ServesWithoutCorridor => type.ServesWithoutCorridor(home.Component(type.Name));

    /// <summary>Builds it without starting anything; returns what is wrong with its configuration.</summary>
    public IReadOnlyList<Complaint> Build()
    {
        var folder = home.Component(type.Name);
        var settings = new SettingsSource(IniFile.Read(home.ComponentIni(type.Name)), HomeFolder.IniName(type.Name), environment);
        var requests = new ComponentServer(clock);
        var builder = ComponentBuilder.Create(requests, server, corridor, clock);
        SettingsRegistration.SetSource(builder, settings);
        Settings = settings;
        builder.Services
            .AddSingleton(home)
            .AddSingleton(folder)
            .AddSingleton(server.Of(type.Name));
        builder.AddComponentLog(folder);
        builder.AddComponentTelemetry(type.Name);
        type.Add(builder);

        var complaints = settings.Complaints();
        if (complaints.Count == 0)
        {
            _application = builder.Build();
            _server = requests;
            type.Map(_application);
        }

        return complaints;
    }

    /// <summary>Says in the component's own log that its communication is secured: once per start, and before anybody listens.</summary>
    public void AnnounceCorridor()
    {
        if (!_hasAnnounced && corridor?.Mode == CorridorMode.Secured && _application is { } application)
        {
            _hasAnnounced = true;
            LogInitializing(application.Services.GetRequiredService<ILogger<RunningComponent>>(), type.Name.ToUpperInvariant());
        }
    }

    public async Task Start(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (State is ComponentState.Running)
            {
                return;
            }

            State = ComponentState.Starting;
            if (_application is null && Build() is { Count: > 0 } complaints)
            {
                throw new ConfigurationException(complaints);
            }

            if (corridor is { Mode: CorridorMode.Refused, Refusals: [var refusal, ..] } && !ServesWithoutCorridor)
            {
                throw new ServerStartException($"commands/ssl.ini is refused: {refusal}");
            }

            if (MovedMark.Find(home.Component(type.Name)) is { } moved)
            {
                throw new ServerStartException(moved.Explain(home.Component(type.Name)));
            }

            AnnounceCorridor();
            Directory.CreateDirectory(home.Component(type.Name).Data);
            _lock = LockFolder(home.Component(type.Name));
            await _application!.StartAsync(cancellationToken);
            State = ComponentState.Running;
            Failure = null;
            LogStarted(type.Name);
        }
        catch (Exception e)
        {
            State = ComponentState.Failed;
            Failure = e.Message;
            await Dismantle();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task Stop(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (State is ComponentState.Running)
            {
                State = ComponentState.Stopping;
                await _application!.StopAsync(cancellationToken);
                LogStopped(type.Name);
            }
        }
        finally
        {
            await Dismantle();
            State = ComponentState.Stopped;
            _turn.Release();
        }
    }

    /// <summary>Services of the component of one kind, while it runs.</summary>
    public IReadOnlyList<T> Of<T>()
        where T : notnull => State is ComponentState.Running && _application is { } application ? [.. application.Services.GetServices<T>()] : [];

    /// <summary>What the component says of itself.</summary>
    public async Task<ComponentReport> Report(CancellationToken cancellationToken)
    {
        if (State is not ComponentState.Running || _application is null)
        {
            return new ComponentReport(Ready: false, Failure is null ? [] : [Failure], []);
        }

        var problems = new List<string>();
        var figures = new List<Figure>();
        var ready = true;
        string? publicUrl = null;
        string? storeId = null;
        var sharesStore = false;
        foreach (var source in Of<IStatusSource>())
        {
            if (await Ask(source, cancellationToken) is not { } part)
            {
                return new ComponentReport(Ready: false, ["The database does not answer. Work goes on by itself when it does."], []);
            }

            ready &= part.Ready;
            problems.AddRange(part.Problems);
            figures.AddRange(part.Figures);
            publicUrl ??= part.PublicUrl;
            storeId ??= part.StoreId;
            sharesStore |= part.SharesStore;
        }

        if (corridor?.Mode == CorridorMode.Refused)
        {
            ready = false;
            problems.AddRange(corridor.Refusals.Select(refusal => $"The other components cannot reach it: {refusal}"));
        }

        return new ComponentReport(ready, problems, figures, publicUrl, storeId, sharesStore);
    }

    public async ValueTask DisposeAsync()
    {
        await Dismantle();
        _turn.Dispose();
    }

    private static async Task<ComponentReport?> Ask(IStatusSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await source.Report(cancellationToken);
        }
        catch (Exception exception) when (DatabaseAbsence.Is(exception))
        {
            return null;
        }
    }

    private static FileStream LockFolder(ComponentFolder folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder.Data, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not DirectoryNotFoundException)
        {
            throw new ServerStartException($"{folder.Data} is in use by another process of Tutti. Stop that one first.", e);
        }
    }

    private async Task Dismantle()
    {
        if (_application is { } application)
        {
            _application = null;
            _server = null;
            _hasAnnounced = false;
            await application.DisposeAsync();
        }

        if (_lock is { } held)
        {
            _lock = null;
            await held.DisposeAsync();
        }
    }

    [LoggerMessage(1003, LogLevel.Information, "{Component}: Initializing Secure Sockets Layer (SSL) for component communication", EventName = "wiring.component.secured")]
    private static partial void LogInitializing(ILogger logger, string component);

    [LoggerMessage(1001, LogLevel.Information, "Component {Component} is running", EventName = "wiring.component.started")]
    private partial void LogStarted(string component);

    [LoggerMessage(1002, LogLevel.Information, "Component {Component} has stopped", EventName = "wiring.component.stopped")]
    private partial void LogStopped(string component);
}

/// <summary>The server could not start; the message says why and what to do.</summary>
public sealed class ServerStartException(string message, Exception? inner = null) : Exception(message, inner);
