namespace Net.Packets;

/// <summary>An ICMP message about an echo, as a view of the bytes it was read from.</summary>
public readonly ref struct IcmpMessage
{
    internal IcmpMessage(IcmpKind kind, byte type, byte code, ushort identifier, ushort sequence, ReadOnlySpan<byte> payload)
    {
        Kind = kind;
        Type = type;
        Code = code;
        Identifier = identifier;
        Sequence = sequence;
        Payload = payload;
    }

    /// <summary>What it means.</summary>
    public IcmpKind Kind { get; }

    /// <summary>ICMP type.</summary>
    public byte Type { get; }

    /// <summary>ICMP code.</summary>
    public byte Code { get; }

    /// <summary>Identifier of the echo, or of the echo request an error is about.</summary>
    public ushort Identifier { get; }

    /// <summary>Sequence number of the echo, or of the echo request an error is about.</summary>
    public ushort Sequence { get; }

    /// <summary>Data of the echo, or what an error quotes of the request's; may be cut short.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Whether it reports an error about an echo request.</summary>
    public bool IsError => Kind is not (IcmpKind.Other or IcmpKind.EchoRequest or IcmpKind.EchoReply);
}
