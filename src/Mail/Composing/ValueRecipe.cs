// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Merging;

namespace Tutti.Mail.Composing;

/// <summary>How one value comes about: the steps of a template that are printed one after the other.</summary>
/// <param name="Part">Decides whether fields are escaped.</param>
/// <param name="Steps">At least one.</param>
internal sealed record ValueRecipe(ContentPart Part, IReadOnlyList<TemplateStep> Steps)
{
    /// <summary>The field, if it is nothing but a field; then no template engine is needed.</summary>
    public string? OnlyField { get; } = Steps is [TemplateStep.Field field] ? field.Name : null;
}
