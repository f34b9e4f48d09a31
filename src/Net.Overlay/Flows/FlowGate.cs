using Net.Overlay.Policy;

namespace Net.Overlay.Flows;

/// <summary>The question each packet of an overlay is asked: may it pass? The first packet of a flow is put to the policy; the rest, and the answers, follow its
/// verdict until the policy or the peers change. What this node opens passes unless a rule denies it, what a peer opens only if a rule allows it. For one thread; asks
/// no lock and allocates nothing.</summary>
public sealed class FlowGate
{
    // RFC 9293, 3.1.
    private const byte Fin = 0x01;
    private const byte Syn = 0x02;
    private const byte Reset = 0x04;
    private const byte Acknowledge = 0x10;

    private readonly FlowTable _table;
    private readonly IFlowSink? _sink;
    private readonly FragmentPorts _fragments;
    private readonly DenialLimiter _denials;
    private FlowRun _run;
    private int _runFromPeer;
    private int _runPackets;
    private long _runBytes;
    private bool _isLastForward;

    /// <summary>Makes a gate.</summary>
    /// <param name="capacity">The most flows it remembers, see <see cref="FlowTable"/>.</param>
    /// <param name="seed">A secret random number.</param>
    /// <param name="sink">Takes the records; null for nobody.</param>
    public FlowGate(int capacity, ulong seed, IFlowSink? sink = null)
    {
        _table = new FlowTable(capacity, seed, sink);
        _sink = sink;
        _fragments = new FragmentPorts(seed);
        _denials = new DenialLimiter(sink);
    }

    /// <summary>Flows that are remembered.</summary>
    public int Flows => _table.Count;

    /// <summary>Flows that were forgotten before their time because the table was full.</summary>
    public long Evictions => _table.Evictions;

    /// <summary>Packets that passed.</summary>
    public long Allowed { get; private set; }

    /// <summary>Packets that a rule or the default denied.</summary>
    public long Denied { get; private set; }

    /// <summary>How often the policy was asked: about once a flow and direction.</summary>
    public long Evaluations { get; private set; }

    /// <summary>Packets that were none.</summary>
    public long Malformed { get; private set; }

    /// <summary>Fragments whose first part was not seen.</summary>
    public long UnknownFragments { get; private set; }

    /// <summary>The hash of the last packet's flow, the same in both directions, for a queue that keeps flows apart.</summary>
    public uint LastFlowHash { get; private set; }

    /// <summary>Decides about a packet.</summary>
    /// <param name="packet">The packet from its IP header on; a segmentation-offload buffer is one packet here.</param>
    /// <param name="fromPeer">The peer it comes from, -1 for this node. Whether its source may be that peer's, <see cref="Routing.RoutingTable.Owns"/> has said already.</param>
    /// <param name="toPeer">The peer it goes to, -1 for this node.</param>
    /// <param name="now">Nanoseconds of the monotonic clock.</param>
    /// <param name="policy">The policy in force.</param>
    /// <param name="packets">How many packets it becomes, for the counters of a segmentation-offload buffer.</param>
    public FlowVerdict Check(ReadOnlySpan<byte> packet, int fromPeer, int toPeer, long now, PolicySet policy, int packets = 1)
    {
        ArgumentNullException.ThrowIfNull(policy);
        EndRun();
        FlowVerdict verdict = Decide(packet, fromPeer, toPeer, now, policy, packets);
        switch (verdict)
        {
            case FlowVerdict.Allow:
                Allowed += packets;
                break;
            case FlowVerdict.Deny:
                Denied += packets;
                break;
            case FlowVerdict.Malformed:
                Malformed += packets;
                break;
            default:
                UnknownFragments += packets;
                break;
        }

        return verdict;
    }

    /// <summary>Says that the packet just allowed may begin a run: until another is checked, packets that go on its flow need not be. Only for as long as nothing the verdict hangs on can change;
    /// <see cref="EndRun"/> ends it.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="fromPeer">The peer it comes from, -1 for this node.</param>
    public void BeginRun(ReadOnlySpan<byte> packet, int fromPeer)
    {
        _run.Begin(packet);
        _runFromPeer = fromPeer;
    }

    /// <summary>Whether a packet goes on the run: it has the addresses and ports of the packet before, moves no state, and is counted as allowed.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="fromPeer">The peer it comes from, -1 for this node.</param>
    public bool ContinuesRun(ReadOnlySpan<byte> packet, int fromPeer)
    {
        if (!_run.IsActive || fromPeer != _runFromPeer || !_run.Continues(packet))
        {
            return false;
        }

        _runPackets++;
        _runBytes += packet.Length;
        Allowed++;
        return true;
    }

    /// <summary>Ends the run, if there is one, and counts its packets in the flow.</summary>
    public void EndRun()
    {
        _run.End();
        if (_runPackets == 0)
        {
            return;
        }

        ref FlowEntry entry = ref _table.At(_table.LastIndex);
        Count(ref entry, _isLastForward, _runBytes, _runPackets, entry.LastSeen, tcpFlags: 0);
        _runPackets = 0;
        _runBytes = 0;
    }

    /// <summary>Forgets flows that timed out and reports denials that were held back; to be called a few times a second.</summary>
    /// <param name="now">Nanoseconds of the monotonic clock.</param>
    /// <param name="budget">Places of the table to look at.</param>
    /// <returns>Flows forgotten.</returns>
    public int Sweep(long now, int budget)
    {
        EndRun();
        _denials.Flush(now);
        return _table.Sweep(now, budget, _sink);
    }

    /// <summary>Ends every flow and reports what was held back, when the overlay stops.</summary>
    public void Clear()
    {
        EndRun();
        _denials.Flush(long.MaxValue);
        _table.Clear(_sink);
    }

    private FlowVerdict Decide(ReadOnlySpan<byte> packet, int fromPeer, int toPeer, long now, PolicySet policy, int packets)
    {
        if (!FlowPacket.TryRead(packet, out FlowPacket parsed))
        {
            return FlowVerdict.Malformed;
        }

        FlowKey key = parsed.Key;
        if (parsed.IsLaterFragment)
        {
            if (!_fragments.TryFind(ref key, parsed.FragmentId, now))
            {
                return FlowVerdict.UnknownFragment;
            }
        }
        else if (parsed.IsFragment)
        {
            _fragments.Remember(in key, parsed.FragmentId, now);
        }

        if (!parsed.Quoted.IsEmpty && IsRelated(in key, parsed.Quoted, fromPeer, toPeer, policy))
        {
            return FlowVerdict.Allow;
        }

        FlowKey canonical = key.Canonical(out bool isSwapped);
        ulong hash = _table.HashOf(in canonical);
        LastFlowHash = (uint)(hash >> 16);
        ref FlowEntry entry = ref _table.GetOrAdd(in canonical, hash, now, out bool isNew);
        if (isNew)
        {
            Open(ref entry, in key, isSwapped, fromPeer, toPeer, now, policy, parsed.TcpFlags);
        }
        else if (entry.IsSwapped == isSwapped)
        {
            if (IsOpening(parsed.TcpFlags) && entry.TcpState == TcpFlowState.Closing)
            {
                End(ref entry, in key, FlowEndReason.Replaced);
                Open(ref entry, in key, isSwapped, fromPeer, toPeer, now, policy, parsed.TcpFlags);
            }
            else if (entry.PolicyGeneration != policy.Generation || entry.FromPeer != fromPeer || entry.ToPeer != toPeer)
            {
                Judge(ref entry, in key, fromPeer, toPeer, policy);
            }
        }
        else if (IsOpening(parsed.TcpFlags) || (entry.Verdict != FlowVerdict.Allow && !entry.IsRevoked))
        {
            if (!Turn(ref entry, in key, isSwapped, fromPeer, toPeer, now, policy, parsed.TcpFlags, packets))
            {
                return FlowVerdict.Deny;
            }
        }
        else if (entry.PolicyGeneration != policy.Generation || entry.FromPeer != toPeer || entry.ToPeer != fromPeer)
        {
            Judge(ref entry, key.Reversed, toPeer, fromPeer, policy);
        }

        _isLastForward = entry.IsSwapped == isSwapped;
        Count(ref entry, _isLastForward, packet.Length, packets, now, parsed.TcpFlags);
        if (entry.Verdict != FlowVerdict.Allow)
        {
            Deny(in entry, in key, fromPeer, toPeer, now, packets);
        }

        return entry.Verdict;
    }

    // An ICMP error passes when the packet it quotes was one of an allowed flow and goes back to that packet's sender: without it path MTU discovery fails (RFC 4890, RFC 5508).
    private bool IsRelated(in FlowKey key, ReadOnlySpan<byte> quoted, int fromPeer, int toPeer, PolicySet policy)
    {
        if (!FlowPacket.TryRead(quoted, out FlowPacket inner, isQuoted: true) || inner.Key.Source != key.Destination || inner.Key.Version != key.Version)
        {
            return false;
        }

        FlowKey canonical = inner.Key.Canonical(out bool isSwapped);
        ref FlowEntry entry = ref _table.TryGet(in canonical, out bool isFound);
        if (!isFound || entry.Verdict != FlowVerdict.Allow || entry.PolicyGeneration != policy.Generation)
        {
            return false;
        }

        return entry.IsSwapped == isSwapped
            ? entry.FromPeer == toPeer && entry.ToPeer == fromPeer
            : entry.ToPeer == toPeer && entry.FromPeer == fromPeer;
    }

    private void Open(ref FlowEntry entry, in FlowKey key, bool isSwapped, int fromPeer, int toPeer, long now, PolicySet policy, byte tcpFlags)
    {
        entry = default;
        entry.FirstSeen = now;
        entry.IsSwapped = isSwapped;
        entry.Verdict = FlowVerdict.Deny;
        entry.TcpState = key.Protocol != IpProtocols.Tcp ? TcpFlowState.None
            : (tcpFlags & (Fin | Reset)) != 0 ? TcpFlowState.Closing : TcpFlowState.Opening;
        Judge(ref entry, in key, fromPeer, toPeer, policy);
    }

    // The other side opens a flow of its own with the same addresses and ports: it is asked about for itself, or a denied flow's target, or the answering side of a
    // connection, would pass by what was said of its peer. Other than an opening packet, one of a revoked flow opens none: its answers would bring it back to life where
    // the answering side may open.
    private bool Turn(ref FlowEntry entry, in FlowKey key, bool isSwapped, int fromPeer, int toPeer, long now, PolicySet policy, byte tcpFlags, int packets)
    {
        PolicyDecision decision = EvaluateBack(ref entry, in key, fromPeer, toPeer, policy);
        if (!decision.IsAllowed)
        {
            if (decision.IsLogged)
            {
                _denials.Add(new FlowDenial(key, fromPeer, toPeer, decision.RuleIndex, policy.Generation, now, packets));
            }

            return false;
        }

        if (entry.Verdict != FlowVerdict.Allow || entry.TcpState == TcpFlowState.Closing)
        {
            End(ref entry, key.Reversed, FlowEndReason.Replaced);
            Open(ref entry, in key, isSwapped, fromPeer, toPeer, now, policy, tcpFlags);
        }
        else if (entry.PolicyGeneration != policy.Generation || entry.FromPeer != toPeer || entry.ToPeer != fromPeer)
        {
            Judge(ref entry, key.Reversed, toPeer, fromPeer, policy);
        }

        return true;
    }

    // Remembered, or a peer could have every packet it answers a denied flow with put to all the rules.
    private PolicyDecision EvaluateBack(ref FlowEntry entry, in FlowKey key, int fromPeer, int toPeer, PolicySet policy)
    {
        if (entry.BackGeneration != policy.Generation || entry.BackFromPeer != fromPeer || entry.BackToPeer != toPeer)
        {
            entry.Back = Evaluate(in key, fromPeer, toPeer, policy);
            entry.BackGeneration = policy.Generation;
            entry.BackFromPeer = fromPeer;
            entry.BackToPeer = toPeer;
        }

        return entry.Back;
    }

    private PolicyDecision Evaluate(in FlowKey opened, int fromPeer, int toPeer, PolicySet policy)
    {
        Evaluations++;
        return policy.Evaluate(in opened, fromPeer, toPeer);
    }

    private void Judge(ref FlowEntry entry, in FlowKey opened, int fromPeer, int toPeer, PolicySet policy)
    {
        PolicyDecision decision = Evaluate(in opened, fromPeer, toPeer, policy);
        FlowVerdict before = entry.Verdict;
        entry.PolicyGeneration = policy.Generation;
        entry.RuleIndex = decision.RuleIndex;
        entry.FromPeer = fromPeer;
        entry.ToPeer = toPeer;
        entry.IsLogged = decision.IsLogged;
        entry.IsRevoked = !decision.IsAllowed && (before == FlowVerdict.Allow || entry.IsRevoked);
        entry.Verdict = decision.IsAllowed ? FlowVerdict.Allow : FlowVerdict.Deny;
        if (!decision.IsAllowed && before == FlowVerdict.Allow)
        {
            End(ref entry, in opened, FlowEndReason.Revoked);
        }
        else if (decision.IsAllowed && decision.IsLogged && !entry.IsReported && _sink is not null)
        {
            entry.IsReported = true;
            _sink.FlowStarted(in opened, in entry);
        }
    }

    private void End(ref FlowEntry entry, in FlowKey opened, FlowEndReason reason)
    {
        if (entry.IsReported)
        {
            _sink?.FlowEnded(in opened, in entry, reason);
            entry.IsReported = false;
        }
    }

    private void Deny(in FlowEntry entry, in FlowKey key, int fromPeer, int toPeer, long now, int packets)
    {
        if (entry.IsLogged)
        {
            _denials.Add(new FlowDenial(key, fromPeer, toPeer, entry.RuleIndex, entry.PolicyGeneration, now, packets));
        }
    }

    private static bool IsOpening(byte tcpFlags) => (tcpFlags & (Syn | Acknowledge)) == Syn;

    private static void Count(ref FlowEntry entry, bool isForward, long bytes, int packets, long now, byte tcpFlags)
    {
        entry.LastSeen = now;
        if (isForward)
        {
            entry.PacketsSent += packets;
            entry.BytesSent += bytes;
        }
        else
        {
            entry.PacketsReceived += packets;
            entry.BytesReceived += bytes;
            if (entry.TcpState == TcpFlowState.Opening)
            {
                entry.TcpState = TcpFlowState.Established;
            }
        }

        if ((tcpFlags & (Fin | Reset)) != 0 && entry.TcpState != TcpFlowState.None)
        {
            entry.TcpState = TcpFlowState.Closing;
        }
    }
}
