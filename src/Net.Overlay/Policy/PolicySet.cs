using System.Globalization;
using System.Text;
using Net.Overlay.Flows;
using Net.Overlay.Routing;
using Net.Packets;

namespace Net.Overlay.Policy;

/// <summary>A policy, ready for packets: first match decides; what nothing matches is allowed when this node opens it, and denied
/// otherwise. Immutable; the control path compiles a new one when rules, peers or the
/// time of day change it. Evaluating allocates nothing and may happen on any thread.</summary>
public sealed class PolicySet
{
    // A peer number that no bit stands for.
    private const int NotOwn = int.MinValue / 2;

    // A window that does not change within this time is looked at again then.
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(8);

    private static uint _generations;

    private readonly CompiledRule[] _rules;
    private readonly OverlayPrefix[][] _ownPrefixes;
    private readonly PolicyRule[] _source;
    private readonly IReadOnlyList<PolicyPeer> _peers;

    private PolicySet(CompiledRule[] rules, OverlayPrefix[][] ownPrefixes, PolicyRule[] source, IReadOnlyList<PolicyPeer> peers, DateTimeOffset? nextChange, ulong hash)
    {
        _rules = rules;
        _ownPrefixes = ownPrefixes;
        _source = source;
        _peers = peers;
        NextChange = nextChange;
        Hash = hash;
        Generation = Interlocked.Increment(ref _generations);
    }

    /// <summary>A policy without rules: this node may open everything, and nobody anything to or through it.</summary>
    public static PolicySet NoRules { get; } = Compile([], [], DateTimeOffset.UnixEpoch);

    /// <summary>A number no other compiled policy of this process has, by which flows know that their verdict is old. Never 0.</summary>
    public uint Generation { get; }

    /// <summary>The same on every node that has the same rules about the same peers and groups, whatever their indices; descriptions do not count.</summary>
    public ulong Hash { get; }

    /// <summary>When a time window opens or closes next, so that the policy must be compiled again; null when none does within eight days.
    /// A policy with windows says the end of those eight days instead of null.</summary>
    public DateTimeOffset? NextChange { get; }

    /// <summary>The rules in order, also those whose time it is not.</summary>
    public IReadOnlyList<PolicyRule> Rules => _source;

    /// <summary>The peers it was compiled for.</summary>
    public IReadOnlyList<PolicyPeer> Peers => _peers;

    /// <summary>Compiles a policy.</summary>
    /// <param name="rules">Rules in order.</param>
    /// <param name="peers">Every peer, this node included as <see cref="RoutingTable.LocalNode"/>.</param>
    /// <param name="now">Wall-clock time, for rules that count at times.</param>
    /// <exception cref="ArgumentException">A peer's index is negative and not this node's, or two rules have one id.</exception>
    public static PolicySet Compile(IReadOnlyList<PolicyRule> rules, IReadOnlyList<PolicyPeer> peers, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(peers);
        if (peers.FirstOrDefault(peer => peer.Index < RoutingTable.LocalNode) is { } wrong)
        {
            throw new ArgumentException($"The peer '{wrong.Name}' has no valid index.", nameof(peers));
        }

        if (rules.GroupBy(rule => rule.Id, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
        {
            throw new ArgumentException($"Two rules have the id '{twice.Key}'.", nameof(rules));
        }

        var own = new OverlayPrefix[peers.Count == 0 ? 0 : peers.Max(peer => peer.Index) + 2][];
        Array.Fill(own, []);
        foreach (PolicyPeer peer in peers)
        {
            own[peer.Index + 1] = [.. peer.Prefixes];
        }

        CompiledRule[] compiled =
        [
            .. rules.Select((rule, index) => (rule, index)).Where(item => item.rule.When?.IsOpen(now) ?? true)
                .Select(item => new CompiledRule(item.index, item.rule, CompiledEndpoints.From(item.rule.From, peers), CompiledEndpoints.From(item.rule.To, peers))),
        ];
        return new PolicySet(compiled, own, [.. rules], [.. peers], FindChange(rules, now), HashOf(rules, peers));
    }

    /// <summary>Decides about a flow in the direction it is opened. What no rule matches is allowed when this node opens it, and denied otherwise.</summary>
    /// <param name="key">The flow.</param>
    /// <param name="fromPeer">The peer it comes from, -1 for this node.</param>
    /// <param name="toPeer">The peer it goes to, -1 for this node.</param>
    public PolicyDecision Evaluate(in FlowKey key, int fromPeer, int toPeer)
    {
        UInt128 source = key.Source;
        UInt128 destination = key.Destination;
        bool isIPv6 = key.IsIPv6;
        byte protocol = key.Protocol;
        ushort port = key.DestinationPort;
        bool hasPorts = IpProtocols.HasPorts(protocol);
        int ownSource = IsOwn(source, isIPv6, fromPeer) ? fromPeer : NotOwn;
        int ownDestination = IsOwn(destination, isIPv6, toPeer) ? toPeer : NotOwn;
        foreach (CompiledRule rule in _rules)
        {
            if (rule.Protocols.Contains(protocol)
                && (rule.AllPorts || (hasPorts && rule.Ports.Contains(port)))
                && rule.From.Match(source, isIPv6, ownSource)
                && rule.To.Match(destination, isIPv6, ownDestination))
            {
                return new PolicyDecision(rule.Allow, rule.Index, rule.Log);
            }
        }

        // Each node guards itself: what it opens, or passes on for its own network, is the other side's to judge.
        return new PolicyDecision(fromPeer == RoutingTable.LocalNode, PolicyDecision.DefaultRule, true);
    }

    private bool IsOwn(UInt128 address, bool isIPv6, int peer)
    {
        if ((uint)(peer + 1) >= (uint)_ownPrefixes.Length)
        {
            return false;
        }

        foreach (ref readonly OverlayPrefix prefix in _ownPrefixes[peer + 1].AsSpan())
        {
            if (prefix.IsIPv6 == isIPv6 && (address & prefix.Mask) == prefix.Bits)
            {
                return true;
            }
        }

        return false;
    }

    // Windows change at whole minutes of local time and zones at whole minutes of UTC, so looking at each minute finds every change, those by daylight saving too.
    private static DateTimeOffset? FindChange(IReadOnlyList<PolicyRule> rules, DateTimeOffset now)
    {
        (TimeWindow Window, bool IsOpen)[] windows = [.. rules.Select(rule => rule.When).OfType<TimeWindow>().Distinct().Select(window => (window, window.IsOpen(now)))];
        if (windows.Length == 0)
        {
            return null;
        }

        var minute = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        for (DateTimeOffset next = minute.AddMinutes(1); next < now + Horizon; next = next.AddMinutes(1))
        {
            foreach ((TimeWindow window, bool isOpen) in windows)
            {
                if (window.IsOpen(next) != isOpen)
                {
                    return next;
                }
            }
        }

        return now + Horizon;
    }

    private static ulong HashOf(IReadOnlyList<PolicyRule> rules, IReadOnlyList<PolicyPeer> peers)
    {
        Dictionary<int, PolicyPeer> byIndex = peers.DistinctBy(peer => peer.Index).ToDictionary(peer => peer.Index);
        var text = new StringBuilder();
        foreach (PolicyRule rule in rules)
        {
            text.Append(CultureInfo.InvariantCulture, $"{rule.Id}\n{(rule.Allow ? "allow" : "deny")} {rule.Log}\n");
            Append(text, rule.From, byIndex);
            Append(text, rule.To, byIndex);
            text.Append(CultureInfo.InvariantCulture, $"{rule.Protocols}\n{rule.DestinationPorts}\n{rule.When}\n");
        }

        Span<byte> hash = stackalloc byte[SipHash.HashBytes];
        Span<byte> key = stackalloc byte[SipHash.KeyBytes];
        key.Clear();
        SipHash.Compute(key, Encoding.UTF8.GetBytes(text.ToString()), hash);
        return BitConverter.ToUInt64(hash);
    }

    // Groups by name, and by what they hold: two nodes that disagree about a group's members have different policies.
    private static void Append(StringBuilder text, PolicyEndpoints endpoints, Dictionary<int, PolicyPeer> peers)
    {
        if (endpoints.IsAny)
        {
            text.Append("any\n");
            return;
        }

        IEnumerable<string> named = endpoints.Peers.Select(index => peers.TryGetValue(index, out PolicyPeer? peer) ? peer.Name : "?");
        IEnumerable<string> grouped = peers.Values.Where(peer => peer.Groups.Any(group => endpoints.Groups.Contains(group, StringComparer.OrdinalIgnoreCase))).Select(peer => peer.Name);
        text.AppendJoin(',', named.Concat(grouped).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)).Append('|')
            .AppendJoin(',', endpoints.Groups.Select(group => group.ToUpperInvariant()).Order(StringComparer.Ordinal)).Append('|')
            .AppendJoin(',', endpoints.Prefixes.Select(prefix => prefix.ToString()).Order(StringComparer.Ordinal)).Append('\n');
    }

    private sealed class CompiledRule(int index, PolicyRule rule, CompiledEndpoints from, CompiledEndpoints to)
    {
        public readonly int Index = index;
        public readonly bool Allow = rule.Allow;
        public readonly bool Log = rule.Log;
        public readonly IpProtocolSet Protocols = rule.Protocols;
        public readonly PortSet Ports = rule.DestinationPorts;
        public readonly bool AllPorts = rule.DestinationPorts.IsAll;
        public readonly CompiledEndpoints From = from;
        public readonly CompiledEndpoints To = to;
    }
}
