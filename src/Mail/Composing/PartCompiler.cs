// SPDX-License-Identifier: Apache-2.0
using Tutti.Mail.Links;
using Tutti.Mail.Merging;

namespace Tutti.Mail.Composing;

/// <summary>Cuts parsed templates into fixed text, links and values, and hands out the numbers of the values.</summary>
internal sealed class PartCompiler
{
    private readonly List<ValueRecipe> _recipes = [];
    private readonly Dictionary<(string Name, bool Escaped), uint> _fields = [];

    public IReadOnlyList<ValueRecipe> Recipes => _recipes;

    public IReadOnlyList<PartElement> Compile(Template template)
    {
        var elements = new List<PartElement>();
        foreach (var step in template.Steps)
        {
            switch (step)
            {
                case TemplateStep.Fixed text:
                    Split(text.Text, elements);
                    break;
                case TemplateStep.Field field:
                    elements.Add(new PartElement.Place(SlotKind.Value, IndexOf(field, template.Part)));
                    break;
                case TemplateStep.Dynamic dynamic:
                    elements.Add(new PartElement.Place(SlotKind.Value, Add(new ValueRecipe(template.Part, [dynamic]))));
                    break;
            }
        }

        return elements;
    }

    /// <summary>Like <see cref="Compile"/>, but a template with anything that differs becomes one value as a whole.</summary>
    public IReadOnlyList<PartElement> CompileWhole(Template template)
    {
        var onlyFixed = template.Steps.All(step => step is TemplateStep.Fixed);
        return onlyFixed ? Compile(template) : [new PartElement.Place(SlotKind.Value, Add(new ValueRecipe(template.Part, template.Steps)))];
    }

    // A field that is printed twice in the same manner is one value in two slots.
    private uint IndexOf(TemplateStep.Field field, ContentPart part)
    {
        var key = (field.Name.ToUpperInvariant(), part == ContentPart.Html);
        if (!_fields.TryGetValue(key, out var index))
        {
            index = Add(new ValueRecipe(part, [field]));
            _fields.Add(key, index);
        }

        return index;
    }

    private uint Add(ValueRecipe recipe)
    {
        _recipes.Add(recipe);
        return (uint)_recipes.Count - 1;
    }

    private static void Split(string text, List<PartElement> elements)
    {
        while (text.Length > 0)
        {
            var start = text.IndexOf(LinkMarker.Start, StringComparison.Ordinal);
            if (start != 0)
            {
                elements.Add(new PartElement.Fixed(start < 0 ? text : text[..start]));
                text = start < 0 ? "" : text[start..];
                continue;
            }

            if (!LinkMarker.TryRead(text, out var kind, out var link, out var length))
            {
                text = text[1..];
                continue;
            }

            elements.Add(new PartElement.Place(SlotOf(kind), link));
            text = text[length..];
        }
    }

    private static SlotKind SlotOf(LinkKind kind) => kind switch
    {
        LinkKind.Open => SlotKind.OpenImage,
        LinkKind.Click => SlotKind.Link,
        LinkKind.Unsubscribe => SlotKind.Unsubscribe,
    };
}
