// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.Words;
using Tutti.Wiring.Outcomes;

namespace Tutti.Lui.Recipients.Workbooks;

/// <summary>Every "no" about workbooks.</summary>
internal static class WorkbookRefusals
{
    private const int NamesShown = 20;

    public static Refusal OldOffice(string fileName) => Of("old-workbook", SharedWords.Fill(RecipientsWords.OldWorkbook, fileName), "file");

    public static Refusal OtherArchive(string fileName) => Of("no-workbook", SharedWords.Fill(RecipientsWords.NoWorkbook, fileName), "file");

    public static Refusal Damaged(string fileName) => Of("damaged-workbook", SharedWords.Fill(RecipientsWords.DamagedWorkbook, fileName), "file");

    public static Refusal Unreasonable(string fileName) => Of("unreasonable-workbook", SharedWords.Fill(RecipientsWords.UnreasonableWorkbook, fileName), "file");

    public static Refusal NothingIn(string fileName) => Of("empty", SharedWords.Fill(RecipientsWords.NothingInWorkbook, fileName), "file");

    public static Refusal NoSuchSheet(string fileName, string wanted, IReadOnlyList<string> names) =>
        Of("no-such-sheet", SharedWords.Fill(RecipientsWords.NoSuchSheet, fileName, wanted, string.Join(", ", names.Take(NamesShown))), "sheet");

    public static Refusal SheetOfText(string fileName) => Of("sheet-of-text", SharedWords.Fill(RecipientsWords.SheetOfText, fileName), "sheet");

    private static Refusal Of(string code, string message, string field) => new(RefusalKind.Invalid, $"recipients.{code}", message, field);
}
