using System.Globalization;
using Net.Contracts;
using Net.Engine.Firewall.Runtime.Connections;
using Net.Platform;

namespace Net.Engine.Firewall.Runtime.Tracing;

/// <summary>Turns what the kernel tells of traced packets into steps people read: our rules by name, other tables by theirs. Used by one thread at a time; holds one number for each packet.</summary>
/// <param name="tracer">Knows which rule of ours a handle is.</param>
/// <param name="nameOf">Gives the names of rules and NAT rules in force.</param>
/// <param name="addresses">Names of interfaces.</param>
/// <param name="clock">The clock.</param>
/// <param name="maxPackets">Packets that are told at most.</param>
internal sealed class TraceSteps(IRuleTracer tracer, Func<long, string?> nameOf, HostAddresses addresses, TimeProvider clock, int maxPackets)
{
    private static readonly TimeSpan s_readAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Dictionary<uint, TracedPacket> _packets = [];
    private Dictionary<long, long> _ruleOfHandle = [];
    private long? _readAt;

    /// <summary>Whether as many packets were seen as are told.</summary>
    public bool IsFull => _packets.Count >= maxPackets;

    /// <summary>A step, or null for one that is not told.</summary>
    /// <param name="step">What the kernel says.</param>
    public NetFlowTraceEvent? Take(TraceEvent step)
    {
        if (!_packets.TryGetValue(step.TraceId, out TracedPacket? known))
        {
            if (IsFull)
            {
                return null;
            }

            known = new TracedPacket();
            _packets[step.TraceId] = known;
        }

        // That a packet was marked is no news.
        if (step.Table == TraceTable.Table)
        {
            return null;
        }

        long? id = step.RuleHandle is { } handle && step.Table == Platform.FirewallTable.NetModule ? IdOf(handle, step.Chain, known) : null;
        known.LastRule = id ?? known.LastRule;
        string? summary = null;
        if (!known.IsSummarized && step.Packet is { } packet)
        {
            known.IsSummarized = true;
            summary = Summary(packet, step);
        }

        return new NetFlowTraceEvent
        {
            Packet = step.TraceId,
            Time = step.Time,
            Table = step.Table.ToString(),
            Chain = step.Chain,
            Kind = step.Kind.ToString().ToLowerInvariant(),
            Verdict = step.Target is { } target ? $"{Word(step.Verdict)} {target}" : Word(step.Verdict),
            Rule = id is { } number ? nameOf(number) : null,
            RuleId = id,
            Summary = summary,
        };
    }

    private static string Word(TraceVerdict verdict) => verdict.ToString().ToLowerInvariant();

    private string Summary(PacketTuple packet, TraceEvent step)
    {
        string protocol = ConnectionText.ProtocolOf(packet.Protocol) is var named and not IpProtocol.Any ? named.ToString().ToLowerInvariant() : string.Create(CultureInfo.InvariantCulture, $"protocol {packet.Protocol}");
        string more = packet.IcmpType is { } type ? string.Create(CultureInfo.InvariantCulture, $" type {type} code {packet.IcmpCode}") : FlagsOf(packet.TcpFlags);
        string way = (addresses.NameOf(step.InputInterface), addresses.NameOf(step.OutputInterface)) switch
        {
            (null, null) => string.Empty,
            ({ } input, null) => $", in by {input}",
            (null, { } output) => $", out by {output}",
            ({ } input, { } output) => $", in by {input}, out by {output}",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{End(packet.Source, packet.SourcePort)} -> {End(packet.Destination, packet.DestinationPort)} {protocol}{more}, {packet.LengthBytes} bytes{way}");
    }

    private static string End(System.Net.IPAddress address, ushort? port) => port is { } number ? new System.Net.IPEndPoint(address, number).ToString() : address.ToString();

    private static string FlagsOf(byte? flags)
    {
        if (flags is not { } bits)
        {
            return string.Empty;
        }

        ReadOnlySpan<string> names = ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"];
        List<string> set = [];
        for (int bit = 0; bit < names.Length; bit++)
        {
            if ((bits >> bit & 1) != 0)
            {
                set.Add(names[bit]);
            }
        }

        return set.Count == 0 ? string.Empty : $" {string.Join(',', set)}";
    }

    // What a rule does besides deciding has chains of its own (aN, sN and eN for rule N); refusing has one for all rules.
    private long? IdOf(long handle, string chain, TracedPacket packet) =>
        IdOf(handle)
        ?? (chain is Net.Firewall.FirewallTable.RejectChain or Net.Firewall.FirewallTable.RejectTcpChain ? packet.LastRule
            : chain.Length > 1 && chain[0] is 'a' or 's' or 'e' && Net.Firewall.FirewallTable.TryGetRuleId($"r{chain.AsSpan(1)}", out long id) ? id
            : null);

    // A change of the rules during the trace gives new handles; that is looked up once a second at most.
    private long? IdOf(long handle)
    {
        if (_ruleOfHandle.TryGetValue(handle, out long id))
        {
            return id == 0 ? null : id;
        }

        if (_readAt is { } readAt && clock.GetElapsedTime(readAt) < s_readAgainAfter)
        {
            return null;
        }

        _readAt = clock.GetTimestamp();
        Dictionary<long, long> read = [];
        foreach ((long number, string? counter) in tracer.ReadRuleCounters(Platform.FirewallTable.NetModule))
        {
            read[number] = counter is not null && Net.Firewall.FirewallTable.TryGetRuleId(counter, out long rule) ? rule : 0;
        }

        _ruleOfHandle = read;
        return read.GetValueOrDefault(handle) is > 0 and var found ? found : null;
    }

    private sealed class TracedPacket
    {
        public bool IsSummarized { get; set; }

        public long? LastRule { get; set; }
    }
}
