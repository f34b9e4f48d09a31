namespace Net.Build;

/// <summary>The words after the task: options by name, everything else by position.</summary>
internal sealed class ArgumentList
{
    private readonly List<string> _words;

    public ArgumentList(IEnumerable<string> words) => _words = [.. words];

    /// <summary>Everything as it was given, for a program it is passed on to.</summary>
    public IReadOnlyList<string> All => _words;

    /// <summary>Takes <c>--name</c> out of the list; true when it was there.</summary>
    public bool TakeFlag(string name) => _words.Remove(name);

    /// <summary>Takes <c>--name value</c> out of the list.</summary>
    public string? TakeOption(string name)
    {
        int index = _words.IndexOf(name);
        if (index < 0)
        {
            return null;
        }

        if (index + 1 >= _words.Count)
        {
            throw new BuildFailedException($"{name} needs a value.", 2);
        }

        string value = _words[index + 1];
        _words.RemoveRange(index, 2);
        return value;
    }

    /// <summary>Takes the first word that is not an option.</summary>
    public string? TakeWord()
    {
        string? word = _words.Find(w => !w.StartsWith('-'));
        if (word is not null)
        {
            _words.Remove(word);
        }

        return word;
    }

    /// <summary>Fails on what nobody took: a misspelt option must not be ignored.</summary>
    public void ExpectNothingMore()
    {
        if (_words.Count > 0)
        {
            throw new BuildFailedException($"Unknown argument: {string.Join(' ', _words)}. See ./build.sh help.", 2);
        }
    }
}
