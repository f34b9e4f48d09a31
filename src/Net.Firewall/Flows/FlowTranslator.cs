using System.Collections.Immutable;
using System.Net;

namespace Net.Firewall;

/// <summary>
/// Says what the NAT rules of a model make of the first packet of a connection, without sending it. A packet goes through <see cref="TranslateDestination"/>, is routed by
/// the caller, who sets direction and output interface, is asked about with <see cref="FlowEvaluator"/>, and if it leaves this host through <see cref="TranslateSource"/>.
/// Immutable: any number of threads may ask.
/// </summary>
public sealed class FlowTranslator
{
    private readonly ImmutableArray<FlowNatRule> _rules;

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The model.</param>
    public FlowTranslator(FirewallModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _rules = [.. model.NatRules.Where(static rule => rule.Enabled).Select(static rule => new FlowNatRule(rule))];
    }

    /// <summary>What happens to the destination before the packet is routed.</summary>
    /// <param name="packet">The packet; with direction Outbound one of this host itself, else one that came in.</param>
    /// <param name="addressOf">Gives the address of an interface in an IP version (true for IPv6), for redirects; null where it is not known.</param>
    /// <returns>The packet afterwards, and what is not certain about it.</returns>
    public FlowTranslation TranslateDestination(in FlowPacket packet, Func<string, bool, IPAddress?>? addressOf = null)
    {
        bool isOwn = packet.Direction == RuleDirection.Outbound;
        bool isUnknown = false;
        if (!IsFirst(packet))
        {
            return NotFirst(packet);
        }

        foreach (FlowNatRule rule in _rules)
        {
            if (rule.IsForSource || (isOwn && !rule.Rule.IncludesOwnPackets) || !rule.Matches(packet, ref isUnknown))
            {
                continue;
            }

            FlowTranslation translation = rule.Rule.Kind switch
            {
                NatKind.Redirect => Redirect(rule.Rule, packet, addressOf),
                NatKind.DestinationPrefix => Prefix(rule.Rule, packet, isSource: false),
                NatKind.Destination => Choose(rule.Rule, packet, isSource: false),
                _ => new FlowTranslation { Rule = rule.Rule, Packet = packet },
            };
            return WithUnknown(translation, isUnknown);
        }

        return WithUnknown(new FlowTranslation { Packet = packet }, isUnknown);
    }

    /// <summary>What happens to the source after the packet was routed.</summary>
    /// <param name="packet">The packet, with the interface it leaves by.</param>
    /// <param name="addressOf">Gives the address of an interface in an IP version (true for IPv6), for masquerading; null where it is not known.</param>
    /// <returns>The packet afterwards, and what is not certain about it.</returns>
    public FlowTranslation TranslateSource(in FlowPacket packet, Func<string, bool, IPAddress?>? addressOf = null)
    {
        bool isUnknown = false;
        if (!IsFirst(packet))
        {
            return NotFirst(packet);
        }

        foreach (FlowNatRule rule in _rules)
        {
            if (!rule.IsForSource || !rule.Matches(packet, ref isUnknown))
            {
                continue;
            }

            FlowTranslation translation = rule.Rule.Kind switch
            {
                NatKind.Masquerade => Masquerade(rule.Rule, packet, addressOf),
                NatKind.SourcePrefix => Prefix(rule.Rule, packet, isSource: true),
                NatKind.Source => Choose(rule.Rule, packet, isSource: true),
                _ => new FlowTranslation { Rule = rule.Rule, Packet = packet },
            };
            return WithUnknown(translation, isUnknown);
        }

        return WithUnknown(new FlowTranslation { Packet = packet }, isUnknown);
    }

    private static bool IsFirst(in FlowPacket packet) => packet.State is ConnectionStates.None or ConnectionStates.New;

    private static FlowTranslation NotFirst(in FlowPacket packet) => new()
    {
        Packet = packet,
        Notes = ["NAT was decided by the first packet of the connection, or does not apply to packets outside connections"],
    };

    private static FlowTranslation WithUnknown(FlowTranslation translation, bool isUnknown) => isUnknown
        ? translation with { Notes = translation.Notes.Insert(0, "whether the destination is an address of this host is not known; it is taken not to be") }
        : translation;

    private static FlowTranslation Masquerade(NatRule rule, in FlowPacket packet, Func<string, bool, IPAddress?>? addressOf)
    {
        string name = packet.OutputInterface ?? "";
        FlowTranslation translation = addressOf?.Invoke(name, packet.IsIPv6) is IPAddress address
            ? new FlowTranslation { Rule = rule, Packet = packet with { Source = new AddressRange(new IPAddress(address.GetAddressBytes())).First } }
            : new FlowTranslation { Rule = rule, Packet = packet, AddressOfInterface = name };
        return WithPorts(translation, rule, isSource: true, keepsPortInRange: translation.Packet.Source == packet.Source);
    }

    private static FlowTranslation Redirect(NatRule rule, in FlowPacket packet, Func<string, bool, IPAddress?>? addressOf)
    {
        // Own packets go to the loopback address (nf_nat_redirect.c), others to an address of the interface they came in by.
        FlowPacket toThisHost = packet with { IsDestinationTranslated = true, IsToThisHost = true };
        FlowTranslation translation;
        if (packet.Direction == RuleDirection.Outbound)
        {
            IPAddress loopback = packet.IsIPv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
            translation = new FlowTranslation { Rule = rule, Packet = toThisHost with { Destination = new AddressRange(loopback).First } };
        }
        else
        {
            string name = packet.InputInterface ?? "";
            translation = addressOf?.Invoke(name, packet.IsIPv6) is IPAddress address
                ? new FlowTranslation { Rule = rule, Packet = toThisHost with { Destination = new AddressRange(new IPAddress(address.GetAddressBytes())).First } }
                : new FlowTranslation { Rule = rule, Packet = toThisHost, AddressOfInterface = name };
        }

        return WithPorts(translation, rule, isSource: false, keepsPortInRange: true);
    }

    private static FlowTranslation Prefix(NatRule rule, in FlowPacket packet, bool isSource)
    {
        AddressRange to = rule.ToAddresses!.Value;
        UInt128 hosts = to.First ^ to.Last;
        UInt128 address = to.First | ((isSource ? packet.Source : packet.Destination) & hosts);
        return new FlowTranslation { Rule = rule, Packet = isSource ? packet with { Source = address } : packet with { Destination = address, IsDestinationTranslated = true } };
    }

    private static FlowTranslation Choose(NatRule rule, in FlowPacket packet, bool isSource)
    {
        FlowTranslation translation = new() { Rule = rule, Packet = isSource ? packet : packet with { IsDestinationTranslated = true } };
        bool isKept = true;
        if (rule.ToAddresses is AddressRange to)
        {
            // A source that lies in the range already is kept (get_unique_tuple in nf_nat_core.c); a destination is chosen whatever it was.
            UInt128 before = isSource ? packet.Source : packet.Destination;
            isKept = before >= to.First && before <= to.Last && (isSource || to.First == to.Last);
            UInt128 address = isKept ? before : to.First;
            translation = translation with
            {
                Packet = isSource ? translation.Packet with { Source = address } : translation.Packet with { Destination = address },
                PossibleAddresses = to.First == to.Last || isKept ? null : to,
                Notes = to.First == to.Last || isKept ? []
                    : [rule.IsPersistent ? "the kernel picks one of the addresses by the source alone" : "the kernel picks one of the addresses by source and destination"],
            };
        }

        return WithPorts(translation, rule, isSource, isKept || !isSource);
    }

    // What nf_nat_l4proto_unique_tuple of the kernel does with a range of ports: a port inside stays, another source port becomes any of them, another destination port the
    // first that is free.
    private static FlowTranslation WithPorts(FlowTranslation translation, NatRule rule, bool isSource, bool keepsPortInRange)
    {
        FlowPacket packet = translation.Packet;
        bool hasPorts = RuleProtocol.FromNumber(packet.Protocol).HasPorts;
        if (!hasPorts)
        {
            return translation;
        }

        ushort port = isSource ? packet.SourcePort : packet.DestinationPort;
        if (rule.ToPorts is not PortRange to)
        {
            return rule.IsRandom && isSource
                ? translation with { PossiblePorts = new PortRange(1024, ushort.MaxValue), Notes = translation.Notes.Add("the kernel picks the source port at random") }
                : isSource
                    ? translation with { Notes = translation.Notes.Add("the source port stays unless another connection has it already") }
                    : translation;
        }

        if (!isSource && ShiftOf(rule) is PortRange from)
        {
            int shifted = to.First + (port - from.First);
            return translation with { Packet = packet with { DestinationPort = (ushort)shifted } };
        }

        bool isKept = to.Contains(port) && keepsPortInRange && !rule.IsRandom;
        ushort chosen = isKept ? port : to.First;
        bool isCertain = to.First == to.Last || isKept;
        return translation with
        {
            Packet = isSource ? packet with { SourcePort = chosen } : packet with { DestinationPort = chosen },
            PossiblePorts = isCertain ? null : to,
            Notes = isCertain ? translation.Notes
                : translation.Notes.Add(isSource || rule.IsRandom ? "the kernel picks one of the ports at random" : "the kernel takes the first of the ports that is free"),
        };
    }

    /// <summary>The outer ports of a rule that maps a range of ports one to one to a range of the same length; null for every other rule.</summary>
    private static PortRange? ShiftOf(NatRule rule) =>
        rule.Kind == NatKind.Destination
        && rule.ToPorts is PortRange to
        && rule.DestinationPorts.Length == 1
        && rule.DestinationPorts[0] is PortRange from
        && from.First != from.Last
        && from.Last - from.First == to.Last - to.First
            ? from
            : null;
}
