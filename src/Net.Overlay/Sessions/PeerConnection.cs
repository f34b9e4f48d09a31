namespace Net.Overlay.Sessions;

/// <summary>One connection to the peer, as its lifecycle sees it.</summary>
internal sealed class PeerConnection(int id, bool isOutgoing, long deadline)
{
    /// <summary>The connection's number.</summary>
    public int Id { get; } = id;

    /// <summary>Whether this node is the TLS client.</summary>
    public bool IsOutgoing { get; } = isOutgoing;

    /// <summary>Whether it is to take over from one that works.</summary>
    public bool IsReplacement { get; init; }

    /// <summary>How far it has come.</summary>
    public PeerConnectionStage Stage { get; set; }

    /// <summary>What its TLS client counts connections with.</summary>
    public ulong Ordinal { get; set; }

    /// <summary>How many times the peer had started anew when its hello came.</summary>
    public int Epoch { get; set; }

    /// <summary>Until when the stage may last.</summary>
    public long Deadline { get; set; } = deadline;
}
