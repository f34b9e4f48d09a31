using System.Net;
using System.Net.Sockets;
using Net.Contracts;
using Net.Platform;
using Net.Relay;
using EngineState = Net.Relay.EngineState;

namespace Net.Engine.Relay.Model;

/// <summary>Turns rules with names into flows with indexes and addresses, on the network as it is: interfaces by name or pattern, the address packets leave with, the MTU,
/// neighbours of unicast outputs. What is missing makes a rule or an output wait, with a sentence; it never fails the others. An output keeps its place in the flow
/// while it waits, because counters go by places.</summary>
internal static class RelayResolver
{
    private const int EthernetMtu = 1500;
    private const int MacBytes = 6;

    /// <summary>Resolves rules.</summary>
    /// <param name="rules">The rules, checked.</param>
    /// <param name="inputs">What they are resolved against.</param>
    /// <returns>One result per rule, in the same order.</returns>
    public static ResolvedRule[] Resolve(IReadOnlyList<RelayRule> rules, ResolverInputs inputs)
    {
        var result = new ResolvedRule[rules.Count];
        for (int index = 0; index < result.Length; index++)
        {
            result[index] = Resolve(ParsedRule.Of(rules[index]), inputs);
        }

        return result;
    }

    private static ResolvedRule Resolve(ParsedRule rule, ResolverInputs inputs)
    {
        if (!rule.Rule.Enabled)
        {
            return Without(rule, RelayRuleState.Disabled, "It is switched off; Enable-RelayRule switches it on.");
        }

        LinkInfo[] links = rule.IsPattern ? inputs.Links.Matching(rule.Rule.InterfaceAlias) : inputs.Links.Find(rule.Rule.InterfaceAlias) is { } one ? [one] : [];
        if (links.Length == 0)
        {
            return Without(rule, RelayRuleState.Waiting, rule.IsPattern ? $"It waits for an interface that matches {rule.Rule.InterfaceAlias}." : $"It waits for interface {rule.Rule.InterfaceAlias}, which does not exist.");
        }

        List<(int, IPAddress)> unknown = [];
        var states = new OutputState[rule.Outputs.Length];
        var flows = new RelayFlow[links.Length];
        for (int index = 0; index < links.Length; index++)
        {
            flows[index] = FlowOf(rule, links[index], inputs, states, unknown);
        }

        (RelayEngineKind? engine, string reason) = Choose(rule, flows, links, inputs);
        return engine is { } kind
            ? StateOf(rule, links, kind, reason, flows, states, unknown, inputs)
            : Without(rule, RelayRuleState.Failed, reason, states);
    }

    private static ResolvedRule Without(ParsedRule rule, RelayRuleState state, string reason, OutputState[]? outputs = null) =>
        new() { Parsed = rule, State = state, Reason = reason, Outputs = outputs ?? [.. rule.Outputs.Select(_ => new OutputState(false, "the rule forwards nothing"))] };

    private static ResolvedRule StateOf(
        ParsedRule rule, LinkInfo[] links, RelayEngineKind engine, string engineReason, RelayFlow[] flows, OutputState[] states, List<(int, IPAddress)> unknown, ResolverInputs inputs)
    {
        // The socket engine leaves neighbours to the kernel.
        if (engine == RelayEngineKind.Socket)
        {
            unknown.Clear();
        }
        else
        {
            SayUnknown(unknown, flows, states, inputs.Links);
        }

        int able = states.Count(state => state.Reason is null);
        bool isPaused = able == 0 && states.Any(state => state.IsPaused);
        var result = new ResolvedRule
        {
            Parsed = rule,
            State = RelayRuleState.Forwarding,
            Reason = able == states.Length ? "Packets that match are relayed." : $"Packets that match are relayed by {able} of {states.Length} outputs: {FirstReason(states)}.",
            Engine = engine,
            EngineReason = engineReason,
            Flows = flows,
            Outputs = states,
            Unknown = unknown,
        };
        if (able == 0 && !isPaused)
        {
            // Neither joined nor loaded: packets would come for nothing. Neighbours are asked for all the same, or it would wait for ever.
            return result with { State = RelayRuleState.Waiting, Reason = $"It waits: {FirstReason(states)}.", Engine = null, EngineReason = null, Flows = [] };
        }

        if (links.All(link => !link.IsUsable))
        {
            // Flows stay loaded, so that nothing has to be set up when the interface comes back.
            return result with { State = RelayRuleState.Waiting, Reason = $"It waits for interface {string.Join(", ", links.Select(link => link.Name))}, which is down." };
        }

        return isPaused ? result with { State = RelayRuleState.Paused, Reason = $"It pauses: {FirstReason(states)}." } : result;
    }

    private static string FirstReason(OutputState[] states) => states.First(state => state.Reason is not null).Reason!;

    private static RelayFlow FlowOf(ParsedRule rule, LinkInfo input, ResolverInputs inputs, OutputState[] states, List<(int, IPAddress)> unknown)
    {
        var targets = new RelayTarget[rule.Outputs.Length];
        var from = new RelayInput
        {
            InterfaceIndex = input.Index,
            Destination = rule.Destination,
            Source = rule.Source,
            PortFrom = rule.PortFrom,
            PortTo = rule.PortTo,
            Protocol = rule.Protocol,
        };
        for (int index = 0; index < targets.Length; index++)
        {
            (targets[index], states[index]) = TargetOf(rule, from, rule.Outputs[index], inputs, unknown);
        }

        return new RelayFlow
        {
            RuleId = rule.Id,
            Input = from,
            AllowedSources = rule.AllowedSources,
            Targets = targets,
            AnalyzeSequence = rule.Rule.AnalyzeSequence,
            Duplicates = rule.Duplicates,
            PreferredSource = rule.PreferredSource,
            StandbyAfterMilliseconds = rule.StandbyAfterMilliseconds,
        };
    }

    private static (RelayTarget Target, OutputState State) TargetOf(ParsedRule rule, RelayInput from, ParsedOutput output, ResolverInputs inputs, List<(int, IPAddress)> unknown)
    {
        RelayOutput wanted = output.Output;
        AddressPrefix destination = output.Destination is { } one ? AddressPrefix.Of(one) : from.Destination;
        LinkInfo? link = inputs.Links.Find(wanted.InterfaceAlias);
        if (link is null)
        {
            return Absent(output, destination, $"output {wanted.InterfaceAlias} does not exist");
        }

        IPAddress? source = output.SourceMode switch
        {
            SourceMode.Interface => inputs.Links.AddressOf(link.Index, destination.IsIPv6),
            SourceMode.Fixed => output.FixedSource,
            _ => null,
        };
        if (output.SourceMode == SourceMode.Interface && source is null)
        {
            return Absent(output, destination, $"output {wanted.InterfaceAlias} has no {(destination.IsIPv6 ? "IPv6" : "IPv4")} address to send from");
        }

        // A pattern may match the interface of an output; written out, such a rule is refused.
        if (link.Index == from.InterfaceIndex && destination.Overlaps(from.Destination) && IsSamePort(rule, wanted.Port))
        {
            return Absent(output, destination, $"output {wanted.InterfaceAlias} would send what comes in there back to where it came from");
        }

        byte[]? neighbor = null;
        byte[] mac = inputs.Links.MacOf(link);
        if (!destination.IsMulticast && destination.IsExact && mac.Length > 0)
        {
            IPAddress hop = inputs.Links.NextHop(link.Index, destination.Address);
            neighbor = link.IsLoopback ? mac : inputs.Links.NeighborMac(link.Index, hop);
            if (neighbor is null && !unknown.Contains((link.Index, hop)))
            {
                unknown.Add((link.Index, hop));
            }
        }

        bool isPaused = wanted.PauseWithoutReceivers && destination is { IsExact: true, IsMulticast: true } && !inputs.HasReceivers(link.Index, destination.Address);
        string? reason = isPaused ? $"output {wanted.InterfaceAlias} has no receiver of {destination}" : link.IsUsable ? null : $"output {wanted.InterfaceAlias} is down";
        var target = new RelayTarget
        {
            InterfaceIndex = link.Index,
            MtuBytes = link.MtuBytes is > 0 and < ushort.MaxValue ? (int)link.MtuBytes : ushort.MaxValue,
            SourceMac = mac,
            DestinationMac = neighbor,
            Destination = output.Destination,
            Port = (ushort)(wanted.Port ?? 0),
            Ttl = (byte?)wanted.Ttl,
            SourceMode = output.SourceMode,
            Source = source,
            SourcePort = (ushort)(wanted.SourcePort ?? 0),
            Dscp = (byte?)wanted.Dscp,
            PacketsPerSecond = wanted.RateLimit ?? 0,
            BitsPerSecond = wanted.BitRateLimit ?? 0,
            Oversize = wanted.Oversize == RelayOversize.Fragment ? OversizeAction.Fragment : OversizeAction.Drop,
            IsPaused = isPaused,
        };
        return (target, new OutputState(isPaused, reason));
    }

    // It holds the place of an output that cannot send: no interface has the index 0.
    private static (RelayTarget Target, OutputState State) Absent(ParsedOutput output, AddressPrefix destination, string reason)
    {
        var target = new RelayTarget
        {
            InterfaceIndex = 0,
            MtuBytes = EthernetMtu,
            SourceMac = new byte[MacBytes],
            DestinationMac = new byte[MacBytes],
            Destination = output.Destination,
            SourceMode = output.SourceMode,
            Source = output.SourceMode == SourceMode.Keep ? null : output.FixedSource ?? (destination.IsIPv6 ? IPAddress.IPv6Any : IPAddress.Any),
            IsPaused = true,
        };
        return (target, new OutputState(false, reason));
    }

    private static bool IsSamePort(ParsedRule rule, int? port) => port is null || (port >= rule.PortFrom && port <= rule.PortTo);

    private static void SayUnknown(List<(int InterfaceIndex, IPAddress Address)> unknown, RelayFlow[] flows, OutputState[] states, LinkIndex links)
    {
        if (unknown.Count == 0)
        {
            return;
        }

        for (int index = 0; index < states.Length; index++)
        {
            RelayTarget target = flows[0].Targets[index];
            AddressPrefix destination = target.DestinationFor(flows[0].Input);
            if (states[index].Reason is null && target.DestinationMac is null && target.SourceMac.Length > 0 && !destination.IsMulticast && destination.IsExact)
            {
                IPAddress hop = links.NextHop(target.InterfaceIndex, destination.Address);
                string whose = hop.AddressFamily == AddressFamily.InterNetworkV6 ? "neighbour discovery" : "ARP";
                states[index] = new OutputState(false, $"output {links.NameOf(target.InterfaceIndex)} does not know the link-layer address of {hop} yet; {whose} asks for it");
            }
        }
    }

    private static (RelayEngineKind? Engine, string Reason) Choose(ParsedRule rule, RelayFlow[] flows, LinkInfo[] links, ResolverInputs inputs)
    {
        RelayEngineKind? asked = rule.Engine;
        EngineAvailability availability = inputs.Availability;
        string before = string.Empty;
        if (inputs.Refused.TryGetValue(rule.Id, out string? refusal))
        {
            var state = EngineState.Missing(refusal);
            availability = availability with { Xdp = state, Tcx = state };
        }

        if (inputs.Traced.Contains(rule.Id) && asked is not RelayEngineKind.Socket)
        {
            // For as long as it is traced the packets have to come by a place where somebody can look at them.
            var state = EngineState.Missing("it shows no packets, and the rule is traced");
            availability = availability with { Xdp = state, Tcx = state };
            before = "It is traced. ";
            asked = null;
        }

        // Who asks for XDP behind a virtual device knows its senders: a generator that makes checksums itself, or a device told not to leave them out.
        // The ports of a bond are hardware.
        bool isVirtual = links.Any(link => link.Kind is not (null or "bond"));
        var facts = new InputFacts
        {
            HasNativeXdp = links.All(link => inputs.HasNativeXdp(link.Index)),
            SenderMayBeLocal = links.Any(link => link.IsLoopback) || (isVirtual && !inputs.AllowVirtualXdp && asked != RelayEngineKind.Xdp),
        };
        EngineChoice choice = EngineChooser.Choose(flows[0], availability, asked, facts);
        string caution = choice.Engine == RelayEngineKind.Xdp && isVirtual
            ? $" Senders behind {string.Join(", ", links.Select(link => link.Name))} must make UDP checksums themselves (ethtool -K DEVICE tx off)."
            : string.Empty;
        return (choice.Engine, before + choice.Reason + caution);
    }
}
