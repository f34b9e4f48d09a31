using System.Globalization;
using System.Text;
using Net.Contracts;
using Net.Firewall;
using AddressRange = Net.Contracts.AddressRange;
using PortRange = Net.Contracts.PortRange;

namespace Net.Engine.Firewall.Runtime.Tracing;

/// <summary>The small table that marks packets for tracing. It decides nothing: both of its chains accept and come before all others but the kernel's defragmentation.</summary>
internal static class TraceTable
{
    /// <summary>The table.</summary>
    public static readonly Platform.FirewallTable Table = new(Platform.FirewallFamily.Inet, "netmod_trace");

    /// <summary>Deletes the table, without an error where there is none.</summary>
    public const string Removal = "add table inet netmod_trace\ndelete table inet netmod_trace\n";

    // One before raw (NF_IP_PRI_RAW of linux/netfilter_ipv4.h is -300), where rules begin to be asked; defragmentation at -400 comes before.
    private const int Priority = -301;

    private const int MostPerSecond = 1000;

    /// <summary>The commands that make the table anew.</summary>
    /// <param name="pattern">Which packets are marked.</param>
    /// <param name="maxPackets">Packets that are told at most: the kernel marks no more than these in a second.</param>
    /// <exception cref="EngineException">The pattern makes no sense.</exception>
    public static string Create(NetFlowPattern pattern, int maxPackets)
    {
        string match = Match(pattern);
        int rate = Math.Clamp(maxPackets, 1, MostPerSecond);
        string mark = string.Create(CultureInfo.InvariantCulture, $"limit rate {rate}/second burst {rate} packets meta nftrace set 1");
        var text = new StringBuilder(Removal);
        text.Append("table inet netmod_trace {\n");
        foreach ((string chain, string interfaceKey) in ((string, string)[])[("prerouting", "iifname"), ("output", "oifname")])
        {
            string interfaceMatch = pattern.InterfaceAlias is null ? string.Empty : $"{interfaceKey} \"{pattern.InterfaceAlias}\" ";
            text.Append(CultureInfo.InvariantCulture, $"\tchain {chain} {{\n\t\ttype filter hook {chain} priority {Priority}; policy accept;\n\t\t{interfaceMatch}{match}{mark}\n\t}}\n");
        }

        return text.Append("}\n").ToString();
    }

    // Nothing a user typed goes in but addresses, numbers and a name that was checked.
    private static string Match(NetFlowPattern pattern)
    {
        if (pattern.InterfaceAlias is { } name && !InterfaceNames.IsValid(name))
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, $"'{name}' is no name of an interface that can be matched.", "flow.interfaceAlias");
        }

        if (pattern.SourceAddress is { } from && pattern.DestinationAddress is { } to && from.Family != to.Family)
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "Source and destination are of different versions of IP; no packet has both.", "flow.destinationAddress");
        }

        bool hasPorts = pattern.SourcePort is not null || pattern.DestinationPort is not null;
        if (hasPorts && pattern.Protocol is not (IpProtocol.Any or IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Sctp))
        {
            throw new EngineException(ErrorCatalogue.ArgumentInvalid, "Ports go with TCP, UDP or SCTP.", "flow.protocol");
        }

        var text = new StringBuilder();
        text.Append(pattern.Protocol switch
        {
            IpProtocol.Any => hasPorts ? "meta l4proto { 6, 17, 132 } " : string.Empty,
            IpProtocol.Icmp => "meta l4proto { 1, 58 } ",
            _ => string.Create(CultureInfo.InvariantCulture, $"meta l4proto {(int)pattern.Protocol} "),
        });
        Append(text, pattern.SourceAddress, "saddr");
        Append(text, pattern.DestinationAddress, "daddr");
        Append(text, pattern.SourcePort, "sport");
        Append(text, pattern.DestinationPort, "dport");
        return text.ToString();
    }

    private static void Append(StringBuilder text, AddressRange? range, string key)
    {
        if (range is not null)
        {
            // Our own type writes the shortest form nft reads; the contract's may carry whatever IPAddress prints.
            text.Append(range.Family == IpFamily.IPv6 ? "ip6 " : "ip ").Append(key).Append(' ').Append(new Net.Firewall.AddressRange(range.First, range.Last)).Append(' ');
        }
    }

    private static void Append(StringBuilder text, PortRange? range, string key)
    {
        if (range is { } ports)
        {
            text.Append("th ").Append(key).Append(' ').Append(ports).Append(' ');
        }
    }
}
