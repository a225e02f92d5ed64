// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tutti.Lui.Archives.Format;

namespace Tutti.Lui.Tests.Archives;

/// <summary>An archive that somebody put together: lines by tables, whatever they are, with a manifest that fits them until it is changed.</summary>
internal sealed class CraftedArchive
{
    private CraftedArchive(Dictionary<string, List<string>> tables) => Tables = tables;

    /// <summary>The lines of each table, the first the names of the columns.</summary>
    public Dictionary<string, List<string>> Tables { get; }

    /// <summary>What is done to the manifest at last.</summary>
    public Action<JsonObject> ChangeManifest { get; set; } = _ => { };

    /// <summary>What else the file holds, by its name.</summary>
    public List<(string Name, byte[] Content)> Extra { get; } = [];

    /// <summary>One without rows, but for a stored file.</summary>
    public static CraftedArchive Small()
    {
        var crafted = new CraftedArchive(ArchivedTable.All.ToDictionary(table => table.Name, table => new List<string> { JsonSerializer.Serialize(table.Key) }));
        var content = Encoding.UTF8.GetBytes("Opening hours: 9 to 17");
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        crafted.Tables["stored_piece"] = ["""["digest","number","content"]""", $$"""["{{digest}}",0,{"b64":"{{Convert.ToBase64String(content[..9])}}"}]""", $$"""["{{digest}}",1,{"b64":"{{Convert.ToBase64String(content[9..])}}"}]"""];
        crafted.Tables["recipient"] = ["""["recipients_id","id","address","fields"]""", .. Enumerable.Range(1, 200).Select(number => $"""[4,{number},"r{number}@rcpt.example",null]""")];
        return crafted;
    }

    /// <summary>One that was written, to be changed.</summary>
    public static CraftedArchive Of(byte[] written)
    {
        using var zip = new ZipArchive(new MemoryStream(written));
        return new CraftedArchive(ArchivedTable.All.ToDictionary(table => table.Name, table =>
        {
            using var reader = new StreamReader(zip.GetEntry(table.Part)!.Open());
            return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        }));
    }

    /// <summary>Changes the value of a column in every row of a table.</summary>
    public CraftedArchive Set(string table, string column, JsonNode? value)
    {
        var lines = Tables[table];
        var index = JsonSerializer.Deserialize<string[]>(lines[0])!.ToList().IndexOf(column);
        for (var line = 1; line < lines.Count; line++)
        {
            var row = JsonNode.Parse(lines[line])!.AsArray();
            row[index] = value?.DeepClone();
            lines[line] = row.ToJsonString();
        }

        return this;
    }

    /// <summary>The file.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            var parts = new List<ArchivePart>();
            foreach (var table in ArchivedTable.All)
            {
                var bytes = Encoding.UTF8.GetBytes(string.Concat(Tables[table.Name].Select(line => line + "\n")));
                parts.Add(new ArchivePart(table.Part, table.Name, Tables[table.Name].Count - 1, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))));
                Add(zip, table.Part, bytes);
            }

            var manifest = new ArchiveManifest(
                ArchiveManifest.FormatName, ArchiveManifest.Newest, "0.1.0", "261124A", "Spring", 1, DateTimeOffset.UnixEpoch, "Ada", new ArchiveTotals(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0), parts);
            var json = JsonSerializer.SerializeToNode(manifest, ArchiveManifest.Json)!.AsObject();
            ChangeManifest(json);
            Add(zip, ArchiveManifest.Name, Encoding.UTF8.GetBytes(json.ToJsonString()));
            foreach (var (name, content) in Extra)
            {
                Add(zip, name, content);
            }
        }

        return stream.ToArray();
    }

    private static void Add(ZipArchive zip, string name, byte[] content)
    {
        using var entry = zip.CreateEntry(name, CompressionLevel.Optimal).Open();
        entry.Write(content);
    }
}
