namespace Net.Firewall;

/// <summary>What earlier rules changed about a packet while it goes through the rules.</summary>
internal struct FlowProgress
{
    /// <summary>The mark.</summary>
    public uint Mark;

    /// <summary>The code point.</summary>
    public byte Dscp;

    /// <summary>The time to live that was set, or null.</summary>
    public byte? Ttl;

    /// <summary>The segment size that was set, or null.</summary>
    public ushort? MaxSegmentSize;

    /// <summary>Dynamic lists the source was put into; null for none.</summary>
    public List<long>? AddedTo;

    /// <summary>Begins with a packet as it comes.</summary>
    /// <param name="packet">The packet.</param>
    public FlowProgress(in FlowPacket packet)
    {
        Mark = packet.Mark;
        Dscp = packet.Dscp;
    }

    /// <summary>Applies what a rule that matched does to the packet.</summary>
    /// <param name="effects">Its effects.</param>
    /// <param name="packet">The packet.</param>
    public void Apply(RuleEffects effects, in FlowPacket packet)
    {
        Mark = effects.SetMark?.Apply(Mark) ?? Mark;
        Dscp = effects.SetDscp ?? Dscp;
        Ttl = effects.SetTtl ?? Ttl;

        // Only a segment that opens a connection carries the option.
        const byte Syn = 2;
        if (effects.MaxSegmentSize is ushort size && packet.Protocol == RuleProtocol.Tcp.Number && (packet.TcpFlags & Syn) != 0)
        {
            MaxSegmentSize = Lower(MaxSegmentSize, size);
        }

        if (effects.AddSourceTo is long list)
        {
            (AddedTo ??= []).Add(list);
        }
    }

    // The kernel only ever lowers the size; what the route takes is not a number here, so it stands until a number follows.
    private static ushort Lower(ushort? before, ushort size) => before is ushort old && old != 0 && size != 0 ? Math.Min(old, size) : size;
}
