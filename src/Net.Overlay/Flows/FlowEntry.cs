using Net.Overlay.Policy;

namespace Net.Overlay.Flows;

/// <summary>What is known of one flow. Lives in the table's array; a reference to it is valid until the next call into the table.</summary>
public struct FlowEntry
{
    /// <summary>Nanoseconds of the monotonic clock at the first packet.</summary>
    public long FirstSeen { get; set; }

    /// <summary>Nanoseconds of the monotonic clock at the last packet.</summary>
    public long LastSeen { get; set; }

    /// <summary>Packets the opening side sent, denied ones included.</summary>
    public long PacketsSent { get; set; }

    /// <summary>Bytes the opening side sent, IP headers included.</summary>
    public long BytesSent { get; set; }

    /// <summary>Packets of the answering side.</summary>
    public long PacketsReceived { get; set; }

    /// <summary>Bytes of the answering side.</summary>
    public long BytesReceived { get; set; }

    /// <summary>The policy the verdict comes from, see <see cref="Policy.PolicySet.Generation"/>.</summary>
    public uint PolicyGeneration { get; set; }

    /// <summary>The rule's index in that policy, -1 for the default.</summary>
    public int RuleIndex { get; set; }

    /// <summary>The peer that opened the flow, -1 for this node.</summary>
    public int FromPeer { get; set; }

    /// <summary>The peer that it goes to, -1 for this node.</summary>
    public int ToPeer { get; set; }

    /// <summary>Whether it passes.</summary>
    public FlowVerdict Verdict { get; set; }

    /// <summary>The state of a TCP flow.</summary>
    public TcpFlowState TcpState { get; set; }

    /// <summary>Whether the opening side is the destination of the key the entry is stored under.</summary>
    public bool IsSwapped { get; set; }

    /// <summary>Whether the rule records what it decides.</summary>
    public bool IsLogged { get; set; }

    /// <summary>Whether the start was reported, so that the end is too.</summary>
    public bool IsReported { get; set; }

    /// <summary>Whether it was allowed until the policy changed.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>Whether the answering side sent anything.</summary>
    public readonly bool IsAnswered => PacketsReceived > 0;

    /// <summary>What the policy said when the answering side wanted to open a flow with the same addresses and ports; see <see cref="BackGeneration"/>.</summary>
    internal PolicyDecision Back { get; set; }

    /// <summary>The policy that <see cref="Back"/> comes from; 0 when it was not asked.</summary>
    internal uint BackGeneration { get; set; }

    /// <summary>The peer <see cref="Back"/> is about as the one that opens.</summary>
    internal int BackFromPeer { get; set; }

    /// <summary>The peer <see cref="Back"/> is about as the one it is opened to.</summary>
    internal int BackToPeer { get; set; }
}
