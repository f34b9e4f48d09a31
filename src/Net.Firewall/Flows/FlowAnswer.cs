namespace Net.Firewall;

/// <summary>What the sender of a refused packet is told: a TCP reset, or an ICMP error ("destination unreachable" in either version of IP: type 3 of RFC 792, type 1 of RFC 4443).</summary>
/// <param name="IsReset">Whether it is a reset.</param>
/// <param name="Code">The code of the ICMP error; 0 for a reset.</param>
public readonly record struct FlowAnswer(bool IsReset, byte Code)
{
    private const byte Icmp = 1;
    private const byte Tcp = 6;
    private const byte IcmpV6 = 58;
    private const byte Reset = 4;
    private const byte FirstInformational = 128;
    private const byte RedirectV6 = 137;

    /// <summary>The answer to a packet that a rule refuses.</summary>
    /// <param name="rule">The rule, whose action is Reject.</param>
    /// <param name="packet">The packet.</param>
    /// <returns>Null where nothing may be answered: to a reset by a reset (RFC 9293 section 3.10.7.1), to an error by an error (RFC 1122 section 3.2.2, RFC 4443 section 2.4).</returns>
    public static FlowAnswer? Of(Rule rule, in FlowPacket packet)
    {
        ArgumentNullException.ThrowIfNull(rule);
        bool hasPorts = RuleProtocol.FromNumber(packet.Protocol).HasPorts;
        RejectKind kind = (rule.Effects?.RejectWith ?? RejectKind.Default) switch
        {
            RejectKind.Default when packet.Protocol == Tcp => RejectKind.TcpReset,
            RejectKind.Default => hasPorts ? RejectKind.PortUnreachable : RejectKind.AdminProhibited,
            RejectKind.TcpReset when packet.Protocol != Tcp => RejectKind.PortUnreachable,
            RejectKind other => other,
        };
        if (kind == RejectKind.TcpReset)
        {
            return (packet.TcpFlags & Reset) != 0 ? null : new FlowAnswer(true, 0);
        }

        bool isError = packet.Protocol switch
        {
            Icmp => packet.IcmpType is 3 or 4 or 5 or 11 or 12,
            IcmpV6 => packet.IcmpType is < FirstInformational or RedirectV6,
            _ => false,
        };
        return isError ? null : new FlowAnswer(false, CodeOf(kind, packet.IsIPv6));
    }

    /// <summary>In words, such as <c>a TCP reset</c>.</summary>
    public override string ToString() => IsReset ? "a TCP reset" : $"ICMP 'destination unreachable' of code {Code}";

    // RFC 792 and RFC 1812 section 5.2.7.1; RFC 4443 section 3.1.
    private static byte CodeOf(RejectKind kind, bool isIPv6) => kind switch
    {
        RejectKind.PortUnreachable => isIPv6 ? (byte)4 : (byte)3,
        RejectKind.HostUnreachable => isIPv6 ? (byte)3 : (byte)1,
        RejectKind.NoRoute => 0,
        _ => isIPv6 ? (byte)1 : (byte)13,
    };
}
