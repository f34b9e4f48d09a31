namespace Net.Workers.Overlay;

/// <summary>The first message to a new overlay worker. With it come two descriptors for each shard: first all TUN queues, then all UDP sockets, each in the order of the shards.
/// It holds the node's private seed and must never be logged.</summary>
public sealed record StartOverlay : WorkerMessage
{
    /// <summary>The overlay's name.</summary>
    public required string Overlay { get; init; }

    /// <summary>This node's name.</summary>
    public required string NodeName { get; init; }

    /// <summary>The node key's seed, 32 bytes (RFC 8032 section 5.1.5).</summary>
    public required byte[] Seed { get; init; }

    /// <summary>This node's membership certificate as it is presented to peers; null without one.</summary>
    public byte[]? Certificate { get; set; }

    /// <summary>The old key's word for the present one, after a rotation; null without one.</summary>
    public byte[]? Rotation { get; set; }

    /// <summary>The overlay's MTU in bytes.</summary>
    public int MtuBytes { get; set; } = 1420;

    /// <summary>Whether the TUN queue takes and gives TCP segmentation.</summary>
    public bool HasTso { get; set; }

    /// <summary>Whether the TUN queue takes and gives UDP segmentation.</summary>
    public bool HasUso { get; set; }

    /// <summary>The largest UDP payload to try, in bytes; path MTU discovery finds what fits up to it.</summary>
    public int MaxUdpPayloadBytes { get; set; } = 1472;

    /// <summary>How the sending rate follows the path: <c>automatic</c>, <c>bbr</c> or <c>cubic</c>.</summary>
    public string CongestionControl { get; set; } = "automatic";

    /// <summary>Whether DATAGRAM frames may be used.</summary>
    public bool Datagrams { get; set; } = true;

    /// <summary>Time without a packet before a session is kept alive.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long after the last packet the worker keeps looking for the next one before it sleeps; zero sleeps at once.</summary>
    public TimeSpan BusyPoll { get; set; }

    /// <summary>How many threads of the worker, each with a queue and a socket of its own, share the peers among them.</summary>
    public int Shards { get; set; } = 1;

    /// <summary>Where each shard runs, in their order; a shard without an entry runs anywhere.</summary>
    public ShardPlacement[] Placement { get; set; } = [];

    /// <summary>Time without traffic before a session is closed; null keeps it up.</summary>
    public TimeSpan? IdleClose { get; set; }

    /// <summary>Whether the worker gives up, by a filter of system calls, whatever it does not need once it has its descriptors.</summary>
    public bool LockProcess { get; set; } = true;

    /// <summary>The first model.</summary>
    public required OverlayModel Model { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"StartOverlay {{ {Overlay} }}";
}
