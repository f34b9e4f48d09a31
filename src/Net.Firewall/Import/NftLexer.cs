namespace Net.Firewall;

/// <summary>Parts nft's language into words, strings and signs. Comments and continued lines are left out.</summary>
internal static class NftLexer
{
    /// <summary>Tokens read at most; a longer text is cut.</summary>
    public const int MaxTokens = 5_000_000;

    private const string Signs = "{}(),;=!<>&|^";

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isCut">Whether it was longer than what is read.</param>
    public static List<NftToken> Read(string text, out bool isCut)
    {
        List<NftToken> tokens = [];
        int line = 1;
        int i = 0;
        while (i < text.Length && tokens.Count < MaxTokens)
        {
            char c = text[i];
            if (c == '\n')
            {
                tokens.Add(new NftToken("\n", line++));
                i++;
            }
            else if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (c == '\\' && i + 1 < text.Length && text[i + 1] == '\n')
            {
                line++;
                i += 2;
            }
            else if (c == '#')
            {
                while (i < text.Length && text[i] != '\n')
                {
                    i++;
                }
            }
            else if (c == '"')
            {
                int end = text.AsSpan(i + 1).IndexOfAny('"', '\n');
                end = end < 0 ? text.Length : i + 1 + end;
                tokens.Add(new NftToken(text[(i + 1)..end], line, IsString: true));
                i = end < text.Length && text[end] == '"' ? end + 1 : end;
            }
            else if (Signs.Contains(c, StringComparison.Ordinal))
            {
                int length = i + 1 < text.Length && ((text[i + 1] == '=' && c is '=' or '!' or '<' or '>' && text[i + 1] == '=') || (c is '<' or '>' && text[i + 1] == c)) ? 2 : 1;
                tokens.Add(new NftToken(text.Substring(i, length), line));
                i += length;
            }
            else
            {
                int start = i;
                while (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] != '"' && !Signs.Contains(text[i], StringComparison.Ordinal))
                {
                    i++;
                }

                tokens.Add(new NftToken(text[start..i], line));
            }
        }

        isCut = i < text.Length;
        tokens.Add(new NftToken("\n", line));
        return tokens;
    }
}
