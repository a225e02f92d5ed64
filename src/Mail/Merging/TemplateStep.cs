// SPDX-License-Identifier: Apache-2.0
using Fluid.Ast;

namespace Tutti.Mail.Merging;

/// <summary>A stretch of a template.</summary>
internal abstract record TemplateStep
{
    /// <summary>What is the same for every recipient.</summary>
    public sealed record Fixed(string Text) : TemplateStep;

    /// <summary>A merge field printed as it is; needs no template engine.</summary>
    public sealed record Field(string Name) : TemplateStep;

    /// <summary>Everything else.</summary>
    public sealed record Dynamic(IReadOnlyList<Statement> Statements) : TemplateStep;
}
