// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tutti.Lui.Approval;
using Tutti.Lui.Jobs.Codes;
using Tutti.Lui.Jobs.Repeats;
using Tutti.Lui.Jobs.Sending;
using Tutti.Lui.Jobs.Steps;
using Tutti.Wiring.Configuration;

namespace Tutti.Lui.Jobs;

/// <summary>Mail jobs: their data, their life, their journal.</summary>
internal static class JobsFeature
{
    public static WebApplicationBuilder AddJobs(this WebApplicationBuilder builder)
    {
        builder.AddSettings<JobSettings>();
        builder.Services
            .AddSingleton<InstallationZone>()
            .AddSingleton<JobStore>()
            .AddSingleton<WorkflowReader>()
            .AddSingleton<CreateJob>()
            .AddSingleton<MakeNextRun>()
            .AddSingleton<RunStore>()
            .AddSingleton<RenameJob>()
            .AddSingleton<DeleteJob>()
            .AddSingleton<GetJob>()
            .AddSingleton<ListJobs>()
            .AddSingleton<ScheduleJob>()
            .AddSingleton<AcceptTest>()
            .AddSingleton<RejectTest>()
            .AddSingleton<ChooseTestRule>()
            .AddSingleton<ISealedPart, SealedSchedule>()
            .AddSingleton<WaiveTest>()
            .AddSingleton<AuthorizeJob>()
            .AddSingleton<RevokeAuthorization>()
            .AddSingleton<StopJob>()
            .AddSingleton<RetryJob>()
            .AddSingleton<ReopenJob>()
            .AddSingleton<CloseJob>();
        return builder;
    }
}
