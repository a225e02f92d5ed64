// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Components;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Steps;
using Tutti.Lui.Teams;

namespace Tutti.Lui.Shell;

/// <summary>The page of one step of a mail job.</summary>
public abstract class StepPage : PersonsPage
{
    /// <summary>The job's code or number.</summary>
    [Parameter]
    public string Code { get; set; } = "";

    [Inject]
    private GetJob GetJob { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    /// <summary>The job; null until it is loaded, or if there is none.</summary>
    private protected Job? Job { get; private set; }

    /// <summary>How far its steps are.</summary>
    private protected Workflow? Workflow { get; private set; }

    [Inject]
    private RightsReader RightsReader { get; set; } = default!;

    /// <summary>What they may do with the job; nothing until it is loaded.</summary>
    private protected JobRights Rights { get; private set; } = new(StepRights.All(StepRight.None), Manages: false);

    /// <summary>Whether they may change this step of the job, were it open.</summary>
    private protected bool IsTheirs => JobDoors.StepOf(JobDoors.RestOf(GetType()) ?? "") is { } step
        ? Rights.MayEdit(step)
        : Rights.Steps.EditsAny;

    /// <summary>Whether they can edit this step now.</summary>
    private protected bool IsOpen => Job?.State == JobState.Open && IsTheirs;

    /// <summary>Why they cannot edit this step now, and what to do; null if they can, or as long as the job is not loaded.</summary>
    private protected string? Locked => Job switch
    {
        null => null,
        { State: JobState.Open } => IsTheirs ? null : ShellWords.LockedForOthers,
        { State: JobState.Waiting } => ShellWords.LockedWaiting,
        { State: JobState.Processing } => ShellWords.LockedProcessing,
        { State: JobState.Failed } => ShellWords.LockedFailed,
        _ => ShellWords.LockedCompleted,
    };

    /// <summary>Where the page stands, for the breadcrumb.</summary>
    private protected IReadOnlyList<(string Title, string Path)> Crumbs => Job is null ? [(JobsWords.Jobs, "jobs")] : [(JobsWords.Jobs, "jobs"), (Job.Code, $"jobs/{Job.Code}")];

    /// <summary>A form is filled in once, so a step's page looks at the job once.</summary>
    protected override TimeSpan LookEvery => Timeout.InfiniteTimeSpan;

    /// <inheritdoc/>
    protected sealed override async Task Look()
    {
        if (await Load())
        {
            await LookAtStep();
        }
    }

    /// <summary>Reads what this step's page shows, the job being there.</summary>
    private protected virtual Task LookAtStep() => Task.CompletedTask;

    /// <summary>Reads the job and its steps; false if there is none.</summary>
    private protected async Task<bool> Load()
    {
        if (!(await GetJob.Handle(Code, Leaving)).Is(out var view, out var refusal))
        {
            Refused = refusal;
            return false;
        }

        (Job, Workflow) = view;
        Rights = await RightsReader.Of(view.Job, Who, Leaving);
        return true;
    }

    /// <summary>Back to the job's page.</summary>
    private protected void GoBack() => Navigation.NavigateTo($"jobs/{Job?.Code ?? Code}");

    /// <summary>The refusal's words if it belongs to a field.</summary>
    private protected string? ErrorOf(string field) =>
        string.Equals(Refused?.Field, field, StringComparison.OrdinalIgnoreCase) ? Refused!.Message : null;

    /// <summary>aria-invalid of a field.</summary>
    private protected string? InvalidOf(string field) => ErrorOf(field) is null ? null : "true";
}
