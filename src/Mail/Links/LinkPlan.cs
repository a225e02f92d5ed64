// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Links.Parameters;

namespace Tutti.Mail.Links;

/// <summary>What is decided about the links of a message.</summary>
public sealed record LinkPlan
{
    /// <summary>Nothing: every link is tracked and stays as it is.</summary>
    public static LinkPlan None { get; } = new();

    /// <summary>Decisions about single links; one about a link that is not there means nothing.</summary>
    public IReadOnlyList<LinkChoice> Choices { get; init; } = [];

    /// <summary>What is added to links, in order.</summary>
    public IReadOnlyList<LinkParameter> Parameters { get; init; } = [];

    /// <summary>What <c>job.code</c> is in the values of parameters.</summary>
    public string JobCode { get; init; } = "";

    /// <summary>What <c>job.title</c> is in the values of parameters.</summary>
    public string JobTitle { get; init; } = "";
}
