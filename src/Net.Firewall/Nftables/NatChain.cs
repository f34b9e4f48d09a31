using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>A NAT chain, written as a whole. The kernel asks it about the first packet of a connection and remembers the answer, so a change is for new connections only.</summary>
/// <param name="name">Its name.</param>
/// <param name="rules">The rules it asks, in order; all in force.</param>
internal sealed class NatChain(string name, ImmutableArray<NatRule> rules) : TableChain(name)
{
    private readonly ImmutableArray<NatRule> _rules = rules;

    private bool IsOwn => Name == FirewallTable.OutputNatChain;

    /// <summary>The NAT chains of a model; none that would be empty.</summary>
    /// <param name="rules">Its NAT rules.</param>
    public static IEnumerable<NatChain> For(ImmutableArray<NatRule> rules)
    {
        ImmutableArray<NatRule> before = [.. rules.Where(rule => rule.Enabled && ChangesDestination(rule))];
        ImmutableArray<NatRule> own = [.. before.Where(rule => rule.IncludesOwnPackets)];
        ImmutableArray<NatRule> after = [.. rules.Where(rule => rule.Enabled && !ChangesDestination(rule))];
        if (!before.IsEmpty)
        {
            yield return new NatChain(FirewallTable.PreroutingChain, before);
        }

        if (!own.IsEmpty)
        {
            yield return new NatChain(FirewallTable.OutputNatChain, own);
        }

        if (!after.IsEmpty)
        {
            yield return new NatChain(FirewallTable.PostroutingChain, after);
        }
    }

    /// <summary>Whether a rule is asked before routing, about the destination, rather than after it, about the source.</summary>
    /// <param name="rule">The rule.</param>
    public static bool ChangesDestination(NatRule rule) => rule.Kind switch
    {
        NatKind.Destination or NatKind.DestinationPrefix or NatKind.Redirect => true,
        NatKind.Exempt => !rule.ExemptsSource,
        _ => false,
    };

    /// <inheritdoc/>
    public override bool IsLike(TableChain standing)
    {
        if (standing is not NatChain other || _rules.Length != other._rules.Length)
        {
            return false;
        }

        for (int i = 0; i < _rules.Length; i++)
        {
            // The name never reaches the datapath.
            if (_rules[i] != other._rules[i] && _rules[i] != other._rules[i] with { Name = _rules[i].Name })
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Write(NftWriter writer, bool isNew)
    {
        writer.Constant("\tchain "u8).Name(Name).Constant(" {\n"u8);
        if (isNew)
        {
            writer.Constant(Name switch
            {
                FirewallTable.PreroutingChain => "\t\ttype nat hook prerouting priority dstnat; policy accept;\n"u8,
                FirewallTable.OutputNatChain => "\t\ttype nat hook output priority -100; policy accept;\n"u8,
                _ => "\t\ttype nat hook postrouting priority srcnat; policy accept;\n"u8,
            });
        }

        foreach (NatRule rule in _rules)
        {
            NftMatchWriter.Write(writer, RuleMatch.Of(rule, IsOwn), rule, static (to, rule, family) =>
            {
                to.Constant("counter name \"n"u8).Number((ulong)rule.Id).Constant("\" "u8);
                WriteTranslation(to, rule);
            });
        }

        writer.Constant("\t}\n"u8);
    }

    private static void WriteTranslation(NftWriter writer, NatRule rule)
    {
        switch (rule.Kind)
        {
            case NatKind.Exempt:
                writer.Constant("accept"u8);
                return;
            case NatKind.Masquerade:
                writer.Constant("masquerade"u8);
                WritePorts(writer, rule);
                break;
            case NatKind.Redirect:
                writer.Constant("redirect"u8);
                WritePorts(writer, rule);
                break;
            default:
                AddressRange to = rule.ToAddresses ?? throw new ArgumentException($"NAT rule {rule.Id} has no new addresses; validate the model first.", nameof(rule));
                bool isSource = rule.Kind is NatKind.Source or NatKind.SourcePrefix;
                writer.Constant(isSource ? "snat "u8 : "dnat "u8).Constant(to.Family == RuleAddressFamily.IPv6 ? "ip6 "u8 : "ip "u8);

                // Prefix to prefix keeps the host bits; for a single address there are none, and nft takes it only without the word.
                bool isPrefix = rule.Kind is NatKind.SourcePrefix or NatKind.DestinationPrefix && to.First != to.Last;
                writer.Constant(isPrefix ? "prefix to "u8 : "to "u8);
                WriteAddresses(writer, to, rule.ToPorts, isPrefix);
                break;
        }

        if (rule.IsRandom || rule.IsPersistent)
        {
            writer.Constant(rule is { IsRandom: true, IsPersistent: true } ? " random,persistent"u8 : rule.IsRandom ? " random"u8 : " persistent"u8);
        }
    }

    private static void WritePorts(NftWriter writer, NatRule rule)
    {
        if (rule.ToPorts is PortRange ports)
        {
            writer.Constant(" to :"u8).Ports(ports);
        }
    }

    private static void WriteAddresses(NftWriter writer, AddressRange to, PortRange? toPorts, bool isPrefix)
    {
        if (isPrefix)
        {
            writer.Addresses(to);
            return;
        }

        // First and last rather than a prefix, which in nft would mean the same addresses, but not with ports behind it.
        bool isBracketed = to.Family == RuleAddressFamily.IPv6 && toPorts is not null;
        WriteOne(to.FirstAddress);
        if (to.First != to.Last)
        {
            writer.Constant("-"u8);
            WriteOne(to.LastAddress);
        }

        if (toPorts is PortRange ports)
        {
            writer.Constant(":"u8).Ports(ports);
        }

        void WriteOne(System.Net.IPAddress address) =>
            writer.Constant(isBracketed ? "["u8 : []).Address(address).Constant(isBracketed ? "]"u8 : []);
    }
}
