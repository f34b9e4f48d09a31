namespace Net.Engine.Overlay.Model;

/// <summary>Numbers of peers in a worker's model. A number, once given, means the same key until the worker ends; new workers begin anew.</summary>
internal sealed class PeerIndexes
{
    private readonly Dictionary<string, int> _byKey = [];
    private readonly List<string> _keys = [];

    /// <summary>The number of a key, a new one when it has none.</summary>
    public int Of(byte[] publicKey)
    {
        string key = Convert.ToHexStringLower(publicKey);
        if (!_byKey.TryGetValue(key, out int index))
        {
            index = _keys.Count;
            _byKey.Add(key, index);
            _keys.Add(key);
        }

        return index;
    }

    /// <summary>The key of a number, in hexadecimal; null when it was never given.</summary>
    public string? KeyOf(int index) => index >= 0 && index < _keys.Count ? _keys[index] : null;

    /// <summary>Forgets all, for a new worker.</summary>
    public void Clear()
    {
        _byKey.Clear();
        _keys.Clear();
    }
}
