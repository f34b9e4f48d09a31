using System.Text;

namespace Net.Lab;

/// <summary>Writes the nftables tables of a NAT. <see cref="NatKind"/> says how the kinds come about.</summary>
internal static class NatRuleset
{
    private const string Memory = """
          map outside { type ipv4_addr . inet_service : ipv4_addr . inet_service; flags dynamic,timeout; timeout 5m; size 65535; }
          map inside { type inet_service : ipv4_addr . inet_service; flags dynamic,timeout; timeout 5m; size 65535; }
          set taken { type inet_service; flags dynamic,timeout; timeout 5m; size 65535; }
          set peers { type inet_service . ipv4_addr; flags dynamic,timeout; timeout 5m; size 65535; }

        """;

    public static string Write(LabNodeDefinition node, LabTopology topology)
    {
        LabNat nat = node.Nat!;
        string outside = "{ " + string.Join(", ", nat.Outside.Select(name => $"\"{name}\"")) + " }";
        var text = new StringBuilder();
        text.Append("table ip netmod_lab_nat {\n");
        switch (nat.Kind)
        {
            case NatKind.Masquerade:
                text.Append(Chain("postrouting", "nat hook postrouting priority srcnat", $"oifname {outside} masquerade"));
                break;
            case NatKind.AddressAndPortDependentMapping:
                text.Append(Chain("postrouting", "nat hook postrouting priority srcnat", $"oifname {outside} masquerade random,fully-random"));
                text.Append(Guard(outside));
                break;
            default:
                text.Append(Memory);
                text.Append(EndpointIndependent(nat, outside, OutsideAddress(nat, NodeScript.EndsOf(topology, node.Name).Select(pair => pair.End))));
                text.Append(Guard(outside));
                break;
        }

        text.Append("}\n");
        if (nat.TranslateIPv6)
        {
            text.Append("table ip6 netmod_lab_nat {\n");
            text.Append(Chain("postrouting", "nat hook postrouting priority srcnat", $"oifname {outside} masquerade"));
            text.Append("}\n");
        }

        return text.ToString();
    }

    /// <summary>The first IPv4 address of the first outside interface.</summary>
    public static string? OutsideAddress(LabNat nat, IEnumerable<LabLinkEnd> ends) =>
        ends.Where(end => nat.Outside.Count > 0 && end.Interface == nat.Outside[0])
            .SelectMany(end => end.Addresses)
            .FirstOrDefault(address => !address.Contains(':'))?.Split('/')[0];

    private static string EndpointIndependent(LabNat nat, string outside, string? outsideAddress)
    {
        List<string> incoming = [];
        List<string> outgoing =
        [
            $"oifname {outside} meta l4proto udp snat ip to ip saddr . udp sport map @outside",
            $"oifname {outside} udp sport @taken masquerade to :1024-65535 fully-random",
            $"oifname {outside} masquerade",
        ];
        List<string> learned = [.. Learn($"oifname {outside} meta l4proto udp ct direction original", withPeers: nat.Kind == NatKind.AddressDependentFiltering)];
        if (nat.Kind == NatKind.EndpointIndependent)
        {
            incoming.Add($"iifname {outside} meta l4proto udp dnat ip to udp dport map @inside");
        }
        else if (nat.Kind == NatKind.AddressDependentFiltering)
        {
            incoming.Add($"iifname {outside} udp dport . ip saddr @peers dnat ip to udp dport map @inside");
        }

        if (nat.Hairpin)
        {
            string turned = $"iifname != {outside} oifname != {outside} ct status dnat meta l4proto udp";
            incoming.Add($"iifname != {outside} ip daddr {outsideAddress} meta l4proto udp dnat ip to udp dport map @inside");
            outgoing.Add($"{turned} snat ip to ip saddr . udp sport map @outside");
            outgoing.Add($"{turned} udp sport @taken snat to {outsideAddress}:1024-65535 fully-random");
            outgoing.Add($"{turned} snat to {outsideAddress}");
            learned.AddRange(Learn($"{turned} ct direction original", withPeers: false));
        }

        return Chain("prerouting", "nat hook prerouting priority dstnat", [.. incoming])
            + Chain("postrouting", "nat hook postrouting priority srcnat", [.. outgoing])
            + Chain("learn", "filter hook postrouting priority 300", [.. learned]);
    }

    // Runs after the translation, so the packet shows the outside endpoint and its flow's origin the inside one.
    // An update of a key that is there only renews it: the first owner of a port keeps it.
    private static IEnumerable<string> Learn(string match, bool withPeers)
    {
        yield return $"{match} update @outside {{ ct original ip saddr . ct original proto-src : ip saddr . udp sport }}";
        yield return $"{match} update @inside {{ udp sport : ct original ip saddr . ct original proto-src }}";
        yield return $"{match} update @taken {{ udp sport }}";
        if (withPeers)
        {
            yield return $"{match} update @peers {{ udp sport . ip daddr }}";
        }
    }

    private static string Guard(string outside) =>
        Chain("input", "filter hook input priority filter", $"iifname {outside} ct state new meta l4proto {{ tcp, udp }} drop")
        + Chain("forward", "filter hook forward priority filter", $"iifname {outside} ct state new ct status dnat accept", $"iifname {outside} ct state new drop");

    private static string Chain(string name, string hook, params IReadOnlyList<string> rules) =>
        $"  chain {name} {{\n    type {hook}; policy accept;\n{string.Concat(rules.Select(rule => $"    {rule}\n"))}  }}\n";
}
