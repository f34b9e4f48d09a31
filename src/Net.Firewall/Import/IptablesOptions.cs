namespace Net.Firewall;

/// <summary>The words of one line of iptables-save, read one after the other.</summary>
internal sealed class IptablesOptions
{
    private readonly List<string> _words;
    private int _next;

    /// <summary>Splits a line as iptables-restore does: spaces separate, double and single quotes keep together, a backslash in double quotes escapes.</summary>
    /// <param name="line">The line.</param>
    public IptablesOptions(string line)
    {
        _words = [];
        var word = new System.Text.StringBuilder();
        bool isWord = false;
        char quote = '\0';
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (quote != '\0' && c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is '"' or '\'' && quote == '\0')
            {
                quote = c;
                isWord = true;
            }
            else if (quote == '"' && c == '\\' && i + 1 < line.Length)
            {
                word.Append(line[++i]);
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                Flush();
            }
            else
            {
                word.Append(c);
                isWord = true;
            }
        }

        IsQuoteOpen = quote != '\0';
        Flush();

        void Flush()
        {
            if (isWord)
            {
                _words.Add(word.ToString());
            }

            word.Clear();
            isWord = false;
        }
    }

    /// <summary>Whether a quote is never closed.</summary>
    public bool IsQuoteOpen { get; }

    /// <summary>Whether all words are read.</summary>
    public bool IsAtEnd => _next >= _words.Count;

    /// <summary>The next word, or "" at the end.</summary>
    public string Peek => IsAtEnd ? "" : _words[_next];

    /// <summary>Reads a word; "" at the end.</summary>
    public string Take() => IsAtEnd ? "" : _words[_next++];

    /// <summary>Reads a word when it is this one.</summary>
    /// <param name="word">The word.</param>
    public bool TryTake(string word)
    {
        bool isNext = !IsAtEnd && _words[_next] == word;
        _next += isNext ? 1 : 0;
        return isNext;
    }

    /// <summary>Reads the value of an option, which may be negated before it as well ("--dport ! 80").</summary>
    /// <param name="isNegated">Whether it is; set when an exclamation mark stands here.</param>
    public string Value(ref bool isNegated)
    {
        isNegated |= TryTake("!");
        return Take();
    }
}
