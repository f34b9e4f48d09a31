namespace Net.Relay;

/// <summary>Chooses one of several sources of a stream: hot standby. Another source takes over when the chosen one is silent; the preferred one comes back once it has sent
/// without a pause for some time, so that a flapping source does not tear the stream at every attempt.</summary>
public sealed class StandbySelector
{
    // The preferred source must have been back for so many times the silence that made it lose the stream.
    private const int StableFactor = 4;

    private readonly long _silence;
    private readonly RelayAddress? _preferred;
    private RelayAddress _active;
    private long _activeSeen;
    private bool _hasActive;
    private long _preferredSince;
    private long _preferredSeen;

    /// <summary>Begins without a source.</summary>
    /// <param name="preferred">The source that is relayed while it sends; null: whichever is first stays until it is silent.</param>
    /// <param name="silenceNanoseconds">How long the chosen source must be silent before another takes over.</param>
    public StandbySelector(RelayAddress? preferred, long silenceNanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(silenceNanoseconds, 1);
        _preferred = preferred;
        _silence = silenceNanoseconds;
    }

    /// <summary>The source that is relayed now; null before the first packet.</summary>
    public RelayAddress? Active => _hasActive ? _active : null;

    /// <summary>How often another source took over, the first one not counted.</summary>
    public long Switches { get; private set; }

    /// <summary>Decides about a packet.</summary>
    /// <param name="source">Its source.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    /// <returns>Whether it is relayed.</returns>
    public bool Accept(RelayAddress source, long now)
    {
        if (_hasActive && source == _active)
        {
            _activeSeen = now;
            return true;
        }

        bool isPreferred = _preferred is RelayAddress preferred && source == preferred;
        if (isPreferred)
        {
            _preferredSince = _preferredSeen == 0 || now - _preferredSeen >= _silence ? now : _preferredSince;
            _preferredSeen = now;
        }

        bool isSilent = !_hasActive || now - _activeSeen >= _silence;
        if (!isSilent && !(isPreferred && now - _preferredSince >= _silence * StableFactor))
        {
            return false;
        }

        Switches += _hasActive ? 1 : 0;
        _hasActive = true;
        _active = source;
        _activeSeen = now;
        _preferredSeen = 0;
        return true;
    }
}
