// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using CsCheck;
using Tutti.Testing;
using Tutti.Wiring.Configuration;

namespace Tutti.Wiring.Tests.Configuration;

/// <summary>The rules of the ini files equal those of Java's <c>Properties</c>: Java itself reads the same texts and is asked what it found.</summary>
public sealed class IniOracleTests : IDisposable
{
    private const string Oracle =
        """
        import java.io.*; import java.nio.charset.StandardCharsets; import java.nio.file.*; import java.util.*;
        public class Oracle {
          public static void main(String[] given) throws Exception {
            var out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
            for (int i = 0; Files.exists(Path.of(given[0], i + ".ini")); i++) {
              var read = new Properties();
              try (var reader = Files.newBufferedReader(Path.of(given[0], i + ".ini"), StandardCharsets.UTF_8)) { read.load(reader); }
              var lines = new TreeSet<String>();
              for (var key : read.stringPropertyNames()) lines.add(hex(key) + "=" + hex(read.getProperty(key)));
              out.println(String.join(",", lines));
            }
            out.flush();
          }
          static String hex(String text) { var all = new StringBuilder(); for (char c : text.toCharArray()) all.append(String.format("%04x", (int) c)); return all.toString(); }
        }
        """;

    private static readonly string[] _rules =
    [
        "SSLAllowedClients=a,b\nSSLKeystorePath=/k\nSSLKeystorePassword=p",
        "SSLAllowedClients : a,b\nSSLKeystorePath /k\nSSLKeystorePassword\t=\tp",
        "   SSLAllowedClients   =   a,b\n\tSSLKeystorePath\f=\f/k\nSSLKeystorePassword==p",
        "# SSLAllowedClients=x\n! SSLKeystorePath=y\n   # z\nSSLAllowedClients=a # no comment\nSSLKeystorePassword=!#=:",
        "SSLAllowedClients=a,\\\n   b,\\\n\tc\nSSLKeystorePath=/k\\\n\n# after it\nSSLKeystorePassword=p",
        "SSLAllowedClients=a,\\\r\n  b\rSSLKeystorePath=C:\\\\keys\\\\h.p12\r\nSSLKeystorePassword=\\ p",
        "SSLKeystorePath=C:\\keys\\new\\u0041\\tab\\r\\f\\q\nSSLKeystorePassword=p\\\\\\\nq",
        "SSL\\ Allowed\\=Clients\\:=a\n\\u0053SLKeystorePath=/\\u00fc\u00fc\nSSLKeystorePassword=trailing  \t ",
        "SSLAllowedClients\nSSLKeystorePath=\n=nameless\n\n   \n:also\nSSLKeystorePassword=p\\",
        "#comment \\\nSSLAllowedClients=a\nSSLKeystorePassword=\\\n   \\\n  p\nSSLKeystorePath = : /k",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Row", "C-2.3.5")]
    public async Task Every_rule_gives_what_java_reads()
    {
        List<string> texts = [.. _rules];

        // With a last line of its own: of a lonely backslash at the very end Java makes an entry without a name.
        Gen.OneOf("SSLAllowedClients", "SSLKeystorePath", "=", ":", " ", "\t", "\f", "\\", "\\\\", "\n", "\r\n", "\r", "#", "!", "a", "b,", "\\n", "\\t", "\\u0041", "\u00fc", "\\ ", "\\=")
            .Array[1, 40].Select(parts => string.Concat(parts)).SampleRepeatably(text => texts.Add(text + "\nend=1"), iter: 400);
        for (var number = 0; number < texts.Count; number++)
        {
            await File.WriteAllTextAsync(_folder.File($"{number}.ini"), texts[number], TestContext.Current.CancellationToken);
        }

        await File.WriteAllTextAsync(_folder.File("Oracle.java"), Oracle, TestContext.Current.CancellationToken);
        var said = (await Tool.Run("java", "-XX:TieredStopAtLevel=1", _folder.File("Oracle.java"), _folder.Path)).Split('\n');

        for (var number = 0; number < texts.Count; number++)
        {
            var read = IniFile.Parse("ssl.ini", texts[number]).Entries.GroupBy(entry => entry.Key).Select(same => $"{Hex(same.Key)}={Hex(same.Last().Value)}").Order(StringComparer.Ordinal);
            Assert.True(said[number].Trim() == string.Join(',', read), $"{Check.Print(texts[number])}\nJava: {said[number]}\nhere: {string.Join(',', read)}");
        }
    }

    private static string Hex(string text) => string.Concat(text.Select(character => ((int)character).ToString("x4", CultureInfo.InvariantCulture)));
}
