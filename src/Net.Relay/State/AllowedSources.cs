namespace Net.Relay;

/// <summary>Who may send, and the answer for the source that was asked about last: streams have few.</summary>
internal sealed class AllowedSources
{
    private readonly MaskedPrefix[] _prefixes;
    private RelayAddress _last;
    private bool _lastAnswer;

    /// <summary>Prepares a list.</summary>
    /// <param name="prefixes">The prefixes; none for anybody.</param>
    public AllowedSources(IReadOnlyList<AddressPrefix> prefixes)
    {
        _prefixes = new MaskedPrefix[prefixes.Count];
        for (int index = 0; index < _prefixes.Length; index++)
        {
            _prefixes[index] = new MaskedPrefix(prefixes[index]);
        }

        _lastAnswer = Search(_last);
    }

    /// <summary>Whether a source may send.</summary>
    /// <param name="source">The source.</param>
    public bool Contains(RelayAddress source)
    {
        if (_prefixes.Length == 0)
        {
            return true;
        }

        if (source != _last)
        {
            _lastAnswer = Search(source);
            _last = source;
        }

        return _lastAnswer;
    }

    private bool Search(RelayAddress source)
    {
        foreach (MaskedPrefix prefix in _prefixes)
        {
            if (prefix.Contains(source))
            {
                return true;
            }
        }

        return false;
    }
}
