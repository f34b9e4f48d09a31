namespace Net.Traffic;

/// <summary>The streams of an endpoint by their number: open addressing, bounded, and without allocation but for a stream that is new.</summary>
internal sealed class StreamTable
{
    private readonly StreamTracker?[] _places;
    private readonly List<StreamTracker> _all = [];
    private readonly int _most;
    private StreamTracker? _last;

    /// <summary>Makes an empty one.</summary>
    /// <param name="most">Streams it holds at most.</param>
    public StreamTable(int most)
    {
        _most = most;
        _places = new StreamTracker?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)most * 2)];
    }

    /// <summary>All of them, in the order they were first heard.</summary>
    public IReadOnlyList<StreamTracker> All => _all;

    /// <summary>The stream of a number, which is made when it is new.</summary>
    /// <param name="stream">The number.</param>
    /// <returns>The stream; null when it is new and there is no room.</returns>
    public StreamTracker? Find(uint stream)
    {
        if (_last is { } last && last.Stream == stream)
        {
            return last;
        }

        // Fibonacci hashing: the streams of one run are neighbours.
        uint place = unchecked(stream * 2_654_435_769);
        while (true)
        {
            ref StreamTracker? found = ref _places[place & (uint)(_places.Length - 1)];
            if (found is null)
            {
                if (_all.Count == _most)
                {
                    return null;
                }

                found = new StreamTracker(stream);
                _all.Add(found);
            }

            if (found.Stream == stream)
            {
                return _last = found;
            }

            place++;
        }
    }
}
