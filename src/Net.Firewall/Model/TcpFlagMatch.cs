namespace Net.Firewall;

/// <summary>Flags of a TCP header (RFC 9293 section 3.1: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128): of those in the mask, exactly those of the value are set.</summary>
/// <param name="Mask">Flags that are looked at.</param>
/// <param name="Value">Flags of the mask that are set.</param>
public readonly record struct TcpFlagMatch(byte Mask, byte Value)
{
    /// <summary>Whether the flags of a packet match.</summary>
    /// <param name="flags">The flags.</param>
    public bool Matches(byte flags) => (flags & Mask) == Value;
}
