// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using Tutti.Mail.Merging;
using Tutti.Mail.Merging.Filters;

namespace Tutti.Mail.Composing;

/// <summary>Renders the values of one recipient that need more than a look-up. Within a part, what one step sets is seen by those behind it.</summary>
internal sealed class Rendering(MergeRow data, DateTimeOffset now, MergeLanguage language, List<string> empty) : IDisposable
{
    private static readonly int _parts = Enum.GetValues<ContentPart>().Length;

    // What one recipient's rendering wrote with, the next one's takes over.
    private static LimitedWriter? _spare;

    private readonly MergeContext?[] _contexts = new MergeContext?[_parts];
    private readonly LimitedWriter _writer = Interlocked.Exchange(ref _spare, null) ?? new LimitedWriter(Liquid.MaxOutput);

    /// <summary>A field as it is printed in a part.</summary>
    public static string Print(string value, ContentPart part) => part == ContentPart.Html ? Liquid.Html.Encode(value) : value;

    [SuppressMessage("Design", "CA1031", Justification = "Filters of the template engine throw whatever they like; the recipient is refused with the reason.")]
    public bool TryRun(ValueRecipe recipe, out string text, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            for (var i = 0; i < recipe.Steps.Count; i++)
            {
                Run(recipe.Steps[i], recipe.Part);
            }

            text = _writer.Take();
            problem = null;
            return true;
        }
        catch (Exception exception)
        {
            text = "";
            problem = exception.Message;
            return false;
        }
    }

    public void Dispose()
    {
        _writer.Clear();
        _spare = _writer;
    }

    private void Run(TemplateStep step, ContentPart part)
    {
        switch (step)
        {
            case TemplateStep.Fixed text:
                _writer.Write(text.Text);
                break;
            case TemplateStep.Field field:
                var value = data[field.Name];
                if (value.Length == 0)
                {
                    empty.Add(field.Name);
                }

                _writer.Write(Print(value, part));
                break;
            case TemplateStep.Dynamic dynamic:
                var context = _contexts[(int)part] ??= new MergeContext(data, now, language, empty);
                for (var i = 0; i < dynamic.Statements.Count; i++)
                {
                    // Values and filters are all there already, so this never waits.
                    var written = dynamic.Statements[i].WriteToAsync(_writer, Liquid.EncoderOf(part), context);
                    if (!written.IsCompletedSuccessfully)
                    {
                        written.AsTask().GetAwaiter().GetResult();
                    }
                }

                break;
        }
    }
}
