using System.Globalization;
using Net.Contracts;
using Net.Engine.Firewall.Translation;
using Net.Firewall;

namespace Net.Engine.Firewall.Runtime.Flows;

/// <summary>Puts what a captured packet says into the members of a question.</summary>
internal static class CapturedFlow
{
    /// <summary>Fills in a question that has a captured packet.</summary>
    /// <param name="flow">As it was asked.</param>
    /// <param name="place">Where it stands in the request, such as <c>flows[3]</c>.</param>
    /// <returns>The question, with interfaces as asked where both name one; the same one when it has no captured packet.</returns>
    /// <exception cref="EngineException">The text is no packet, or the question says itself what the packet says.</exception>
    public static NetFlow Fill(NetFlow flow, string place)
    {
        if (flow.Packet is not { } text)
        {
            return flow;
        }

        if (Repeated(flow) is { } repeated)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "The captured packet says this itself; leave one of them out.", $"{place}.{repeated}");
        }

        if (!FlowTextParser.TryParse(text, out FlowPacket packet, out string? problem))
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"{problem} It reads: '{RuleTexts.Shown(text.Trim())}'.", $"{place}.packet");
        }

        bool isIcmp = packet.Protocol == RuleProtocol.IcmpV4.Number || packet.Protocol == RuleProtocol.IcmpV6.Number;
        IpProtocol protocol = isIcmp ? IpProtocol.Icmp : (IpProtocol)packet.Protocol;
        if (!Enum.IsDefined(protocol))
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"It is of IP protocol {packet.Protocol}, for which there are no rules.", $"{place}.packet");
        }

        bool hasPorts = RuleProtocol.FromNumber(packet.Protocol).HasPorts;
        return flow with
        {
            DestinationAddress = packet.DestinationAddress.ToString(),
            SourceAddress = packet.SourceAddress.ToString(),
            Protocol = protocol,
            SourcePort = hasPorts ? packet.SourcePort : null,
            DestinationPort = hasPorts ? packet.DestinationPort : null,
            IcmpType = isIcmp ? string.Create(CultureInfo.InvariantCulture, $"{packet.IcmpType}/{packet.IcmpCode}") : null,
            TcpFlags = protocol == IpProtocol.Tcp ? RuleTexts.TcpFlags(packet.TcpFlags) : null,
            Dscp = packet.Dscp,
            Length = packet.Length,
            SourceMac = packet.SourceMac?.ToString(),
            InterfaceAlias = flow.InterfaceAlias ?? packet.InputInterface,
            OutInterfaceAlias = flow.OutInterfaceAlias ?? packet.OutputInterface,
        };
    }

    private static string? Repeated(NetFlow flow) =>
        flow.DestinationAddress.Length > 0 ? "destinationAddress"
        : flow.SourceAddress is not null ? "sourceAddress"
        : flow.DestinationPort is not null ? "destinationPort"
        : flow.SourcePort is not null ? "sourcePort"
        : flow.IcmpType is not null ? "icmpType"
        : flow.TcpFlags is not null ? "tcpFlags"
        : flow.Length is not null ? "length"
        : flow.SourceMac is not null ? "sourceMac"
        : null;
}
