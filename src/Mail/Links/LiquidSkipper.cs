// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Mail.Links;

/// <summary>Steps over Liquid while HTML or text is searched for links.</summary>
internal static class LiquidSkipper
{
    /// <summary>If Liquid starts at a position, moves behind it.</summary>
    public static bool TrySkip(string source, ref int position)
    {
        if (position + 1 >= source.Length || source[position] != '{' || source[position + 1] is not ('{' or '%'))
        {
            return false;
        }

        var tag = source[position + 1] == '%';
        var end = source.IndexOf(tag ? "%}" : "}}", position + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            position = source.Length;
            return true;
        }

        var name = source.AsSpan(position + 2, end - position - 2).Trim("- \t\r\n");
        position = end + 2;
        if (tag && name.SequenceEqual("comment"))
        {
            position = EndOfComment(source, position);
        }

        return true;
    }

    private static int EndOfComment(string source, int position)
    {
        while (source.IndexOf("{%", position, StringComparison.Ordinal) is var start and >= 0)
        {
            var end = source.IndexOf("%}", start + 2, StringComparison.Ordinal);
            if (end < 0)
            {
                break;
            }

            position = end + 2;
            if (source.AsSpan(start + 2, end - start - 2).Trim("- \t\r\n").SequenceEqual("endcomment"))
            {
                return position;
            }
        }

        return source.Length;
    }
}
