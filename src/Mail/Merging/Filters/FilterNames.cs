// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Merging.Filters;

/// <summary>The filters that templates may use, and how they are written.</summary>
public static class FilterNames
{
    /// <summary>Filters that write in the language of the recipient, each with how it is written.</summary>
    public static IReadOnlyDictionary<string, string> Local { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["number"] = "number: 2",
        ["percent"] = "percent: 1",
        ["currency"] = "currency: \"EUR\"",
        ["local_date"] = "local_date: \"long\"",
        ["local_time"] = "local_time",
    };

    /// <summary>Liquid's own. Those that make a text of any length from a short one, and those for colours and web shops, are left out.</summary>
    internal static IReadOnlyList<string> Plain { get; } =
    [
        "abs", "append", "at_least", "at_most", "base64_decode", "base64_encode", "base64_url_safe_decode", "base64_url_safe_encode", "capitalize", "ceil", "compact", "concat",
        "date", "default", "divided_by", "downcase", "escape", "escape_once", "find", "find_index", "first", "floor", "handle", "handleize", "join", "json", "last", "lstrip",
        "map", "md5", "minus", "modulo", "newline_to_br", "plus", "prepend", "raw", "reject", "remove", "remove_first", "remove_last", "replace", "replace_first", "replace_last",
        "reverse", "round", "rstrip", "sha1", "sha256", "size", "slice", "sort", "sort_natural", "split", "strip", "strip_html", "strip_newlines", "sum", "time_zone", "times",
        "truncate", "truncatewords", "uniq", "upcase", "url_decode", "url_encode", "where",
    ];

    private static readonly HashSet<string> _all = [.. Plain, .. Local.Keys];

    /// <summary>Is there a filter of this name?</summary>
    public static bool Contains(string name) => _all.Contains(name);
}
