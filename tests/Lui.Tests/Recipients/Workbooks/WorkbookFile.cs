// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using System.Security;
using System.Text;

namespace Tutti.Lui.Tests.Recipients.Workbooks;

/// <summary>Workbooks written by hand from the standard (ISO/IEC 29500), so that nothing of the reader is in them.</summary>
internal static class WorkbookFile
{
    /// <summary>A workbook of sheets whose cells are given as XML.</summary>
    public static byte[] Of(params (string Name, string Rows)[] sheets) => Archive(
    [
        ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"),
        ("_rels/.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
        ("xl/workbook.xml", $"<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>{Each(sheets, (sheet, number) => $"<sheet name=\"{SecurityElement.Escape(sheet.Name)}\" sheetId=\"{number}\"{(sheet.Name.StartsWith("hidden", StringComparison.Ordinal) ? " state=\"hidden\"" : "")} r:id=\"rId{number}\"/>")}</sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{Each(sheets, (_, number) => $"<Relationship Id=\"rId{number}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>")}<Relationship Id=\"rId90\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/><Relationship Id=\"rId91\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"),
        ("xl/styles.xml", "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\" applyNumberFormat=\"1\"/><xf numFmtId=\"22\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"),
        ("xl/sharedStrings.xml", "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" count=\"2\" uniqueCount=\"2\"><si><t>Köln, \"am\" Rhein</t></si><si><r><t>two</t></r><r><t xml:space=\"preserve\"> parts</t></r></si></sst>"),
        .. sheets.Select((sheet, index) => ($"xl/worksheets/sheet{index + 1}.xml", $"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{sheet.Rows}</sheetData></worksheet>")),
    ]);

    /// <summary>A row of texts.</summary>
    public static string Row(int number, params string[] texts) =>
        $"<row r=\"{number}\">{string.Concat(texts.Select((text, index) => text.Length == 0 ? "" : $"<c r=\"{(char)('A' + index)}{number}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{SecurityElement.Escape(text)}</t></is></c>"))}</row>";

    /// <summary>A ZIP archive.</summary>
    public static byte[] Archive(IEnumerable<(string Name, string Content)> entries)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return bytes.ToArray();
    }

    private static string Each((string Name, string Rows)[] sheets, Func<(string Name, string Rows), int, string> write) =>
        string.Concat(sheets.Select((sheet, index) => write(sheet, index + 1)));
}
