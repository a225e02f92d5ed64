// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Recipients.Csv;

namespace Tutti.Lui.Recipients.Columns;

/// <summary>What a page shows of a file's columns, and how it hears of a choice. It is public because components are.</summary>
public sealed class ColumnsForm
{
    internal ColumnsForm(CsvAnalysis analysis, CsvChoice choice, Func<CsvChoice, Task> correct) => (Analysis, Choice, Correct) = (analysis, choice, correct);

    /// <summary>How the file is understood now.</summary>
    internal CsvAnalysis Analysis { get; }

    /// <summary>What people chose so far.</summary>
    internal CsvChoice Choice { get; }

    /// <summary>They chose something else.</summary>
    internal Func<CsvChoice, Task> Correct { get; }
}
