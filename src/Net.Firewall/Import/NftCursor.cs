using System.Text;

namespace Net.Firewall;

/// <summary>Reads tokens one after the other.</summary>
/// <param name="tokens">The tokens.</param>
internal sealed class NftCursor(List<NftToken> tokens)
{
    private int _next;

    /// <summary>The next token; an empty one at the end.</summary>
    public NftToken Peek => _next < tokens.Count ? tokens[_next] : new NftToken("", tokens.Count == 0 ? 1 : tokens[^1].Line);

    /// <summary>Whether all are read.</summary>
    public bool IsAtEnd => _next >= tokens.Count;

    /// <summary>Where it is.</summary>
    public int Position => _next;

    /// <summary>Reads a token.</summary>
    public NftToken Take()
    {
        NftToken token = Peek;
        _next++;
        return token;
    }

    /// <summary>Reads a token when it is this sign or word.</summary>
    /// <param name="text">The sign or word.</param>
    public bool TryTake(string text)
    {
        bool isNext = !IsAtEnd && Peek.Is(text);
        _next += isNext ? 1 : 0;
        return isNext;
    }

    /// <summary>Leaves out newlines and semicolons.</summary>
    public void SkipBreaks()
    {
        while (!IsAtEnd && (Peek.Is("\n") || Peek.Is(";")))
        {
            _next++;
        }
    }

    /// <summary>Reads up to the end of the statement: a newline or semicolon outside braces, or the brace that closes the block, which is left.</summary>
    public List<NftToken> TakeStatement()
    {
        List<NftToken> statement = [];
        int depth = 0;
        while (!IsAtEnd)
        {
            NftToken token = Peek;
            if (depth == 0 && (token.Is("\n") || token.Is(";") || token.Is("}")))
            {
                break;
            }

            depth += token.Is("{") ? 1 : token.Is("}") ? -1 : 0;
            if (!token.Is("\n"))
            {
                statement.Add(token);
            }

            _next++;
        }

        return statement;
    }

    /// <summary>Leaves out a block in braces, the opening one being read already.</summary>
    public void SkipBlock()
    {
        for (int depth = 1; !IsAtEnd && depth > 0;)
        {
            NftToken token = Take();
            depth += token.Is("{") ? 1 : token.Is("}") ? -1 : 0;
        }
    }

    /// <summary>Tokens as text, for problems.</summary>
    /// <param name="statement">The tokens.</param>
    public static string Text(List<NftToken> statement)
    {
        var text = new StringBuilder();
        foreach (NftToken token in statement)
        {
            text.Append(text.Length > 0 && !token.Is(",") && !token.Is(";") ? " " : "").Append(token.IsString ? $"\"{token.Text}\"" : token.Text);
            if (text.Length > 400)
            {
                break;
            }
        }

        return text.ToString();
    }
}
