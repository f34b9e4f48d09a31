using System.Globalization;
using System.Text;

namespace Net.Cli.Output;

/// <summary>How many columns of a terminal a text takes (after Unicode Standard Annex 11: wide letters take two, combining marks none).</summary>
internal static class DisplayWidth
{
    private const char Ellipsis = '…';

    /// <summary>The columns <paramref name="text"/> takes.</summary>
    public static int Of(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.Length;
        }

        int width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += Of(rune);
        }

        return width;
    }

    /// <summary>The text cut to at most so many columns, with an ellipsis where something is missing.</summary>
    public static string Cut(string text, int width)
    {
        if (Of(text) <= width)
        {
            return text;
        }

        var cut = new StringBuilder();
        int used = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int next = Of(rune);
            if (used + next > width - 1)
            {
                break;
            }

            cut.Append(rune);
            used += next;
        }

        return cut.Append(Ellipsis).ToString();
    }

    private static int Of(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        _ => rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF)
            or (>= 0x20000 and <= 0x3FFFD) ? 2 : 1,
    };
}
