using Net.Contracts;
using Net.Engine.Firewall.Translation;

namespace Net.Engine.Firewall.Checks;

/// <summary>Checks NAT rules and port forwards, which share their names.</summary>
internal static class NatChecks
{
    /// <summary>Adds every problem.</summary>
    public static void Run(FirewallSection section, ItemProblems problems)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int index = 0; index < section.PortForwards.Length; index++)
        {
            PortForward forward = section.PortForwards[index];
            problems.CheckName("portForwards", index, "port forward", forward.Name, forward.Description, names);
            problems.CheckInterfaces("portForwards", index, "interfaceAlias", $"port forward '{forward.Name}'", forward.InterfaceAlias);
            Check(forward, index, problems);
        }

        for (int index = 0; index < section.NatRules.Length; index++)
        {
            NatRule rule = section.NatRules[index];
            problems.CheckName("natRules", index, "NAT rule", rule.Name, rule.Description, names);
            problems.CheckInterfaces("natRules", index, "interfaceAlias", $"NAT rule '{rule.Name}'", rule.InterfaceAlias);
            problems.CheckInterfaces("natRules", index, "outInterfaceAlias", $"NAT rule '{rule.Name}'", rule.OutInterfaceAlias);
            Check(rule, index, problems);
        }
    }

    private static void Check(PortForward forward, int index, ItemProblems problems)
    {
        if (!HasPorts(forward.Protocol))
        {
            Add("protocol", $"Port forward '{forward.Name}' is for {forward.Protocol}, which has no ports; use tcp, udp or sctp.");
        }

        if (forward.Port.First == 0)
        {
            Add("port", $"Port forward '{forward.Name}' names no port; 1 to 65535 are taken.");
        }

        if (!forward.ToAddress.First.Equals(forward.ToAddress.Last))
        {
            Add("toAddress", $"Port forward '{forward.Name}' leads to {forward.ToAddress}; it takes a single host.");
        }

        if (forward.ToPort is { } to && (to.Last - to.First != forward.Port.Last - forward.Port.First || to.First == 0))
        {
            Add("toPort", $"Port forward '{forward.Name}' leads {Count(forward.Port)} to {Count(to)}; both must be as many.");
        }

        if (forward.ToPort is { } moved && moved != forward.Port && moved.Last - moved.First >= NatTranslator.MaxMovedPorts)
        {
            Add("toPort", $"Port forward '{forward.Name}' moves {Count(moved)} to others; at most {NatTranslator.MaxMovedPorts} are moved, any number may keep theirs.");
        }

        CheckFamily("address", forward.Address);
        CheckFamily("remoteAddress", forward.RemoteAddress);

        void CheckFamily(string member, AddressRange[] ranges)
        {
            if (Array.Find(ranges, range => range.Family != forward.ToAddress.Family) is { } other)
            {
                Add(member, $"Port forward '{forward.Name}' leads to the {forward.ToAddress.Family} host {forward.ToAddress}, but {other} is {other.Family}; use a forward of its own for each version.");
            }
        }

        void Add(string member, string message) => problems.Add("portForwards", index, member, message);
    }

    private static void Check(NatRule rule, int index, ItemProblems problems)
    {
        bool isBeforeRouting = rule.Kind is NatKind.Destination or NatKind.Redirect or NatKind.OneToOne;
        bool isAfterRouting = rule.Kind is NatKind.Masquerade or NatKind.Source;
        if (!Enum.IsDefined(rule.Kind))
        {
            Add("kind", $"NAT rule '{rule.Name}' has the unknown kind {(int)rule.Kind}.");
            return;
        }

        if (isBeforeRouting && rule.OutInterfaceAlias.Length > 0)
        {
            Add("outInterfaceAlias", $"NAT rule '{rule.Name}' is asked before it is known where a packet leaves; give the interface it comes in by.");
        }

        if (isAfterRouting && rule.InterfaceAlias.Length > 0)
        {
            Add("interfaceAlias", $"NAT rule '{rule.Name}' changes the source when a packet leaves; give the interface it leaves by.");
        }

        bool needsAddress = rule.Kind is NatKind.Source or NatKind.Destination or NatKind.OneToOne;
        if (needsAddress != rule.ToAddress is not null)
        {
            Add("toAddress", needsAddress ? $"NAT rule '{rule.Name}' needs the new address." : $"NAT rule '{rule.Name}' is {rule.Kind}, which takes no new address.");
        }

        if (rule.ToPort is not null && (rule.Kind is NatKind.OneToOne or NatKind.Exempt || !HasPorts(rule.Protocol)))
        {
            Add("toPort", $"NAT rule '{rule.Name}' has new ports, which takes another kind than {rule.Kind} and the protocol tcp, udp or sctp.");
        }

        if (rule.SourcePort.Length + rule.DestinationPort.Length > 0 && !HasPorts(rule.Protocol))
        {
            Add("protocol", $"NAT rule '{rule.Name}' names ports, which takes the protocol tcp, udp or sctp.");
        }

        if (rule.Kind == NatKind.Redirect && rule.ToPort is null)
        {
            Add("toPort", $"NAT rule '{rule.Name}' redirects to this host and needs the port.");
        }

        if (rule.IncludeOwnPackets && rule.Kind is not (NatKind.Destination or NatKind.Redirect))
        {
            Add("includeOwnPackets", $"NAT rule '{rule.Name}' is {rule.Kind}; only destinations of this host's own packets are translated.");
        }

        CheckFamilies(rule, Add);
        if (rule.Kind == NatKind.OneToOne && rule.ToAddress is { } inner)
        {
            CheckOneToOne(rule, inner, Add);
        }

        void Add(string member, string message) => problems.Add("natRules", index, member, message);
    }

    private static void CheckOneToOne(NatRule rule, AddressRange inner, Action<string, string> add)
    {
        if (rule.DestinationAddress is not [var outer])
        {
            add("destinationAddress", $"NAT rule '{rule.Name}' is OneToOne and needs the one outer address or prefix as its destination.");
            return;
        }

        if (LengthOf(outer) is not { } length || LengthOf(inner) != length || outer.Family != inner.Family)
        {
            add("toAddress", $"NAT rule '{rule.Name}' is OneToOne: {outer} and {inner} must be addresses, or prefixes of one length, of the same IP version.");
        }

        if (rule.Protocol != IpProtocol.Any || rule.SourcePort.Length + rule.DestinationPort.Length > 0)
        {
            add("protocol", $"NAT rule '{rule.Name}' is OneToOne, which translates every protocol and port alike.");
        }
    }

    // What ranges a rule has besides a version of IP it cannot have.
    private static void CheckFamilies(NatRule rule, Action<string, string> add)
    {
        IpFamily family = rule.Family != IpFamily.Any ? rule.Family : rule.ToAddress?.Family ?? IpFamily.Any;
        if (rule.ToAddress is { } to && family != to.Family)
        {
            add("toAddress", $"NAT rule '{rule.Name}' is for {family}, but {to} is {to.Family}.");
        }

        if (family != IpFamily.Any)
        {
            CheckAll("sourceAddress", rule.SourceAddress);
            CheckAll("destinationAddress", rule.DestinationAddress);
        }

        void CheckAll(string member, AddressRange[] ranges)
        {
            if (Array.Find(ranges, range => range.Family != family) is { } other)
            {
                add(member, $"NAT rule '{rule.Name}' is for {family}, but {other} is {other.Family}.");
            }
        }
    }

    private static bool HasPorts(IpProtocol protocol) => protocol is IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Sctp;

    private static int? LengthOf(AddressRange range) => ModelValues.Address(range).PrefixLength;

    private static string Count(PortRange range) => range.First == range.Last ? "1 port" : $"{range.Last - range.First + 1} ports";
}
