using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>A NAT rule prepared to be asked about packets.</summary>
internal sealed class FlowNatRule
{
    private readonly FlowRule _match;

    /// <summary>Prepares a rule.</summary>
    /// <param name="rule">The rule.</param>
    public FlowNatRule(NatRule rule)
    {
        Rule = rule;

        // What a NAT rule asks is what a rule asks, so one piece of code answers both.
        _match = new FlowRule(
            new Rule
            {
                Id = rule.Id,
                Name = rule.Name,
                Direction = RuleDirection.Forward,
                Action = RuleAction.Continue,
                AddressFamily = FamilyOf(rule),
                Protocol = rule.Protocol,
                SourceAddresses = rule.SourceAddresses,
                DestinationAddresses = rule.DestinationAddresses,
                SourcePorts = rule.SourcePorts,
                DestinationPorts = rule.DestinationPorts,
                InputInterfaces = rule.InputInterfaces,
                OutputInterfaces = rule.OutputInterfaces,
            },
            ImmutableDictionary<long, FlowList>.Empty);
    }

    /// <summary>The rule.</summary>
    public NatRule Rule { get; }

    /// <summary>Whether it translates, or keeps, the source.</summary>
    public bool IsForSource => Rule.Kind is NatKind.Masquerade or NatKind.Source or NatKind.SourcePrefix || (Rule.Kind == NatKind.Exempt && Rule.ExemptsSource);

    /// <summary>Whether a packet matches.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="isUnknown">Set when everything else fits and it is not known whether the destination is this host.</param>
    public bool Matches(in FlowPacket packet, ref bool isUnknown)
    {
        if (_match.Check(packet, new FlowProgress(packet), out _) != FlowCondition.None)
        {
            return false;
        }

        if (Rule.IsToThisHost && packet.IsToThisHost is null)
        {
            isUnknown = true;
            return false;
        }

        return !Rule.IsToThisHost || packet.IsToThisHost == true;
    }

    // An address can only become one of its own IP version.
    private static RuleAddressFamily FamilyOf(NatRule rule) =>
        rule.AddressFamily == RuleAddressFamily.Any && rule.ToAddresses is AddressRange to ? to.Family : rule.AddressFamily;
}
