// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Tutti.Lui.Jobs.Steps;

namespace Tutti.Lui.Teams;

/// <summary>What somebody may do with a step of a job; each includes those before it.</summary>
internal enum StepRight
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Look at it.</summary>
    See,

    /// <summary>Change it; of the step Authorise: decide.</summary>
    Edit,
}

/// <summary>Rights for all steps of a job.</summary>
internal sealed record StepRights(ImmutableArray<StepRight> Steps)
{
    private const string Letters = "nse";

    /// <summary>How many steps a job has.</summary>
    public static readonly int Count = Enum.GetValues<JobStep>().Length;

    /// <summary>The right for a step.</summary>
    public StepRight this[JobStep step] => Steps[(int)step];

    /// <summary>The same right for every step.</summary>
    public static StepRights All(StepRight right) => new([.. Enumerable.Repeat(right, Count)]);

    /// <summary>Whether any step may be looked at.</summary>
    public bool SeesAny => Steps.Any(right => right >= StepRight.See);

    /// <summary>Whether any step may be changed.</summary>
    public bool EditsAny => Steps.Any(right => right >= StepRight.Edit);

    /// <summary>Whether every step may be changed.</summary>
    public bool EditsAll => Steps.All(right => right >= StepRight.Edit);

    /// <summary>The same with another right for one step.</summary>
    public StepRights With(JobStep step, StepRight right) => new(Steps.SetItem((int)step, right));

    /// <summary>As it is stored: a letter for each step.</summary>
    public string ToLetters() => string.Concat(Steps.Select(right => Letters[(int)right]));

    /// <summary>What was stored; a step that was not there then is closed.</summary>
    public static StepRights FromLetters(string letters) =>
        new([.. Enumerable.Range(0, Count).Select(step => step < letters.Length ? (StepRight)Math.Max(0, Letters.IndexOf(letters[step], StringComparison.Ordinal)) : StepRight.None)]);
}
