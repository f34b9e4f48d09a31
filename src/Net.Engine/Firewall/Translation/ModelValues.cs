using System.Collections.Immutable;
using Net.Contracts;
using Net.Firewall;
using AddressRange = Net.Contracts.AddressRange;
using PortRange = Net.Contracts.PortRange;

namespace Net.Engine.Firewall.Translation;

/// <summary>Values of the document as values of the model.</summary>
internal static class ModelValues
{
    /// <summary>Addresses.</summary>
    public static ImmutableArray<Net.Firewall.AddressRange> Addresses(AddressRange[] ranges)
    {
        if (ranges.Length == 0)
        {
            return [];
        }

        var values = new Net.Firewall.AddressRange[ranges.Length];
        for (int index = 0; index < values.Length; index++)
        {
            values[index] = Address(ranges[index]);
        }

        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    /// <summary>An address, prefix or range.</summary>
    public static Net.Firewall.AddressRange Address(AddressRange range) => new(range.First, range.Last);

    /// <summary>Ports.</summary>
    public static ImmutableArray<Net.Firewall.PortRange> Ports(PortRange[] ranges) => ranges.Length == 0 ? [] : [.. ranges.Select(Port)];

    /// <summary>A port or range.</summary>
    public static Net.Firewall.PortRange Port(PortRange range) => new((ushort)range.First, (ushort)range.Last);

    /// <summary>A protocol.</summary>
    public static RuleProtocol Protocol(IpProtocol protocol) => protocol switch
    {
        IpProtocol.Any => RuleProtocol.Any,
        IpProtocol.Icmp => RuleProtocol.Icmp,
        _ => RuleProtocol.FromNumber((byte)protocol),
    };

    /// <summary>A version of IP.</summary>
    public static RuleAddressFamily Family(IpFamily family) => family switch
    {
        IpFamily.IPv4 => RuleAddressFamily.IPv4,
        IpFamily.IPv6 => RuleAddressFamily.IPv6,
        _ => RuleAddressFamily.Any,
    };

    /// <summary>An action. One that is not defined stays so, for the validator to find.</summary>
    public static Net.Firewall.RuleAction Action(Contracts.RuleAction action) => (Net.Firewall.RuleAction)(int)action;

    /// <summary>How a sender is told.</summary>
    public static RejectKind Reject(FirewallReject reject) => (RejectKind)(int)reject;

    /// <summary>States of connections.</summary>
    public static ConnectionStates States(ConnectionState[] states)
    {
        ConnectionStates all = ConnectionStates.None;
        foreach (ConnectionState state in states)
        {
            all |= (ConnectionStates)(1 << (int)state);
        }

        return all;
    }
}
