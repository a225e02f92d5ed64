// SPDX-License-Identifier: Apache-2.0
using Microsoft.JSInterop;

namespace Tutti.Lui.Content.Editing;

/// <summary>Copies of messages in the browser of whoever writes them: they hold what was typed while the connection was lost (<c>keep.js</c>).</summary>
internal sealed class BrowserCopies(IJSRuntime script, TimeProvider clock)
{
    /// <summary>The copy of a job's message, if the browser has one that the server did not confirm.</summary>
    /// <param name="key">Of <see cref="KeyOf"/>.</param>
    /// <param name="otherwise">What the form shows where the copy says nothing.</param>
    /// <param name="cancellationToken">Ends when they leave.</param>
    public async Task<ContentDraft?> Find(string key, JobContent otherwise, CancellationToken cancellationToken)
    {
        if (await script.InvokeAsync<Copy?>("tuttiCopies.find", cancellationToken, key) is not { Fields: { } fields } copy)
        {
            return null;
        }

        string Of(string name, string before) => fields.GetValueOrDefault(name) ?? before;
        var content = new JobContent(Of("subject", otherwise.Subject), Of("html", otherwise.Html), Of("text", otherwise.Text))
        {
            Preheader = Of("preheader", otherwise.Preheader),
            IsTextAutomatic = Of("automatic", otherwise.IsTextAutomatic ? "true" : "false") == "true",
            Language = Of("language", otherwise.Language),
            LanguageField = Of("languageField", otherwise.LanguageField),
        };
        return new ContentDraft(content, Math.Max(0, copy.BasedOn), clock.GetUtcNow() - TimeSpan.FromMilliseconds(copy.Age));
    }

    /// <summary>The server has this: a copy of exactly it goes.</summary>
    public async Task Confirm(string key, JobContent content, CancellationToken cancellationToken) => await script.InvokeVoidAsync(
        "tuttiCopies.confirm",
        cancellationToken,
        key,
        new Dictionary<string, uint>
        {
            ["subject"] = Sum(content.Subject),
            ["html"] = Sum(content.Html),
            ["text"] = Sum(content.Text),
            ["preheader"] = Sum(content.Preheader),
            ["automatic"] = Sum(content.IsTextAutomatic ? "true" : "false"),
            ["language"] = Sum(content.Language),
            ["languageField"] = Sum(content.LanguageField),
        });

    /// <summary>Drops the copy: it is not wanted.</summary>
    public async Task Drop(string key, CancellationToken cancellationToken) => await script.InvokeVoidAsync("tuttiCopies.drop", cancellationToken, key);

    /// <summary>Under which name the browser keeps a person's copy of a job's message.</summary>
    public static string KeyOf(long jobId, string accountId) => $"content:{jobId}:{accountId}";

    /// <summary>Whether two messages are the same in a browser, which knows one way only to end a line.</summary>
    public static bool AreSame(JobContent one, JobContent other) => Plain(one) == Plain(other);

    private static JobContent Plain(JobContent content) => content with { Html = content.Html.ReplaceLineEndings("\n"), Text = content.Text.ReplaceLineEndings("\n") };

    /// <summary>FNV-1a, as the script computes it.</summary>
    private static uint Sum(string text)
    {
        var hash = 2166136261;
        foreach (var letter in text.ReplaceLineEndings("\n"))
        {
            hash = unchecked((hash ^ letter) * 16777619);
        }

        return hash;
    }

    private sealed record Copy(double Age, long BasedOn, Dictionary<string, string> Fields);
}
