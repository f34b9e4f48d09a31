namespace Net.Worker.Overlay;

/// <summary>Which peers are up, for shards that need to know it of peers of others: each shard says it of its own peers ten times a second. Any thread reads; reading neither locks nor waits.</summary>
internal sealed class PeerHealth
{
    private readonly Lock _growing = new();
    private bool[] _isUp = new bool[64];

    /// <summary>Whether a peer was up when its shard said so last; false when nobody did.</summary>
    /// <param name="peer">The peer's index.</param>
    public bool IsUp(int peer)
    {
        bool[] isUp = Volatile.Read(ref _isUp);
        return (uint)peer < (uint)isUp.Length && Volatile.Read(ref isUp[peer]);
    }

    /// <summary>Says it of a peer. What is said while another shard makes room can be lost until it is said again.</summary>
    /// <param name="peer">The peer's index.</param>
    /// <param name="isUp">Whether packets flow.</param>
    public void Set(int peer, bool isUp)
    {
        bool[] all = Volatile.Read(ref _isUp);
        if (peer >= all.Length)
        {
            all = Grow(peer);
        }

        if (all[peer] != isUp)
        {
            Volatile.Write(ref all[peer], isUp);
        }
    }

    private bool[] Grow(int peer)
    {
        lock (_growing)
        {
            if (peer >= _isUp.Length)
            {
                bool[] larger = new bool[Math.Max(peer + 1, _isUp.Length * 2)];
                _isUp.CopyTo(larger, 0);
                Volatile.Write(ref _isUp, larger);
            }

            return _isUp;
        }
    }
}
