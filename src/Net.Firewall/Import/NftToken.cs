namespace Net.Firewall;

/// <summary>A word, string or sign of nft's language.</summary>
/// <param name="Text">The text; a newline is "\n", the end "".</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="IsString">Whether it stood in quotes.</param>
internal readonly record struct NftToken(string Text, int Line, bool IsString = false)
{
    /// <summary>Whether it is a sign or word, and not a string, of this text.</summary>
    /// <param name="text">The text.</param>
    public bool Is(string text) => !IsString && Text == text;
}
