// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Tests.Oracles;

/// <summary>Words in many scripts, and in forms that mail programs have stumbled over.</summary>
internal static class Scripts
{
    public static readonly string[] Words =
    [
        "plain words", "Grüße aus Köln", "Ελληνικά νέα", "חדשות בעברית", "أخبار بالعربية", "Новости недели", "新闻简报", "ニュースレター", "뉴스레터", "ข่าวสาร", "हिन्दी समाचार", "தமிழ் செய்திகள்", "ქართული ამბები",
        "Հայերեն նորություններ", "ትግርኛ", "Tiếng Việt", "👩‍👩‍👧‍👦 family 🏳️‍🌈", "e\u0301 a\u0308 combining o\u0302\u0323", "עברית and Ελληνικά mixed 中文", "zero\u200bwidth\u200djoiner", "=?utf-8?q?looks_encoded?=",
        "a, b; c: d <e> \"f\" (g) [h] @i \\j", "dots . .. ...", "trailing equals = and =3D", "From here\tto there", "\u00a0non-breaking\u00a0", "ẞ İ ı ﬁ ǆ", "𝔉𝔯𝔞𝔨𝔱𝔲𝔯 𝟙𝟚𝟛", "‮right to left override‬", "ñandú",
        "ქართული სიახლეები", "ข่าวประจำสัปดาห์", "हिन्दी समाचार", "தமிழ்ச் செய்திகள்", "ព័ត៌មានសប្តាហ៍", "မြန်မာ သတင်း", "བོད་ཡིག གསར་འགྱུར", "ߒߞߏ ߞߎߘߊ", "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ", "한국어 소식", "𐌲𐌿𐍄𐌹𐍃𐌺 𐍂𐌰𐌶𐌳𐌰",
        "\u202eoverridden\u202c order", "\u2068isolated עברית\u2069 words", "zero\u200bwidth and \u200djoined", "﷽", "a\u0301\u0302\u0303\u0304\u0305\u0306 piled marks", "١٢٣ १२३ 一二三",
    ];

    /// <summary>Long ones: without a blank, with many, and a paragraph.</summary>
    public static readonly string[] Long =
    [
        new('x', 2500), string.Concat(Enumerable.Repeat("ü", 1200)), string.Concat(Enumerable.Repeat("漢字", 700)), string.Join(' ', Enumerable.Repeat("слово", 400)), string.Concat(Enumerable.Repeat("👍🏽", 300)),
        string.Join('\n', Enumerable.Range(0, 60).Select(line => $".line {line} begins with a dot")), string.Join("\n\n", Enumerable.Repeat("From the beginning of a paragraph", 10)),
    ];
}
