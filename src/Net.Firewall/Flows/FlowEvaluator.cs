using System.Buffers;
using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>
/// Says what the rules of a model make of a packet, without sending it. Immutable: any number of threads may ask. The model must have passed
/// <see cref="FirewallRuleValidator"/>.
/// </summary>
public sealed class FlowEvaluator
{
    /// <summary>Steps an explanation has at most unless asked for another number; with more rules than that, rules that cannot match at all are summed up.</summary>
    public const int DefaultSteps = 200;

    // Sets of up to 16,384 rules lie on the stack: two of 2 kB each.
    private const int StackWords = 256;
    private readonly FlowIndex[] _indexes;
    private readonly ImmutableArray<KeptSession> _sessions;

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dynamicLists">What the dynamic lists hold, by their id; null or missing for nothing.</param>
    public FlowEvaluator(FirewallModel model, IReadOnlyDictionary<long, ImmutableArray<AddressRange>>? dynamicLists = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        _sessions = model.KeptSessions;
        Dictionary<long, FlowList> lists = [];
        foreach (AddressList list in model.AddressLists)
        {
            ImmutableArray<AddressRange> addresses = !list.IsDynamic ? list.Addresses
                : dynamicLists is not null && dynamicLists.TryGetValue(list.Id, out ImmutableArray<AddressRange> content) && !content.IsDefault ? content
                : [];
            lists[list.Id] = new FlowList(list, new FlowAddresses(addresses));
        }

        List<FlowRule>[] rules = [[], [], []];
        foreach (Rule rule in model.Rules)
        {
            if (rule.Enabled)
            {
                rules[(int)rule.Direction].Add(new FlowRule(rule, lists));
            }
        }

        _indexes = [.. rules.Select(static of => new FlowIndex([.. of]))];
    }

    /// <summary>The model that is asked.</summary>
    public FirewallModel Model { get; }

    /// <summary>Says what happens to a packet.</summary>
    /// <param name="packet">The packet.</param>
    /// <returns>The verdict.</returns>
    public FlowVerdict Evaluate(in FlowPacket packet)
    {
        FlowIndex index = _indexes[(int)packet.Direction];
        int words = index.Words;
        if (words <= StackWords)
        {
            Span<ulong> room = stackalloc ulong[StackWords + StackWords];
            return Evaluate(packet, index, room[..words], room.Slice(StackWords, words));
        }

        ulong[] rented = ArrayPool<ulong>.Shared.Rent(words * 2);
        try
        {
            return Evaluate(packet, index, rented.AsSpan(0, words), rented.AsSpan(words, words));
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }
    }

    /// <summary>Says what happens to a packet, and what each rule of its direction up to the one that decides made of it.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="maxSteps">Steps to give at most, one more that sums up the rest not counted.</param>
    /// <returns>The verdict with the steps.</returns>
    public FlowExplanation Explain(in FlowPacket packet, int maxSteps = DefaultSteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSteps, 1);
        FlowIndex index = _indexes[(int)packet.Direction];
        var candidates = new ulong[index.Words];
        index.Find(packet, candidates, new ulong[index.Words]);
        var walk = new FlowWalk(packet);
        var steps = new FlowSteps(maxSteps);
        if (IsKept(packet))
        {
            return new FlowExplanation(walk.Finish(isKeptSession: true), []);
        }

        bool isEachTold = index.Rules.Length <= maxSteps;
        for (int i = 0; i < index.Rules.Length; i++)
        {
            FlowRule rule = index.Rules[i];
            if (!isEachTold && !BitVector.Has(candidates, i))
            {
                steps.SkipOther();
                continue;
            }

            FlowProgress before = walk.Progress;
            FlowCondition failed = walk.Ask(rule, packet);
            if (failed != FlowCondition.None)
            {
                steps.Add(rule.Rule, matched: false, FlowWords.Mismatch(failed, rule.Rule, packet, before));
                continue;
            }

            steps.Add(rule.Rule, matched: true, FlowWords.Match(rule.Rule));
            if (walk.IsDecided)
            {
                break;
            }
        }

        return new FlowExplanation(walk.Finish(), steps.Finish());
    }

    private FlowVerdict Evaluate(in FlowPacket packet, FlowIndex index, Span<ulong> candidates, Span<ulong> scratch)
    {
        var walk = new FlowWalk(packet);
        if (IsKept(packet))
        {
            return walk.Finish(isKeptSession: true);
        }

        index.Find(packet, candidates, scratch);
        for (int i = BitVector.Next(candidates, 0); i >= 0 && !walk.IsDecided; i = BitVector.Next(candidates, i + 1))
        {
            walk.Ask(index.Rules[i], packet);
        }

        return walk.Finish();
    }

    private bool IsKept(in FlowPacket packet)
    {
        if (_sessions.IsEmpty || packet.Direction == RuleDirection.Forward || packet.Protocol != RuleProtocol.Tcp.Number)
        {
            return false;
        }

        bool isInbound = packet.Direction == RuleDirection.Inbound;
        foreach (KeptSession session in _sessions)
        {
            var remote = new AddressRange(session.RemoteAddress);
            if (remote.Family == packet.Family
                && remote.First == (isInbound ? packet.Source : packet.Destination)
                && session.RemotePort == (isInbound ? packet.SourcePort : packet.DestinationPort)
                && session.LocalPort == (isInbound ? packet.DestinationPort : packet.SourcePort))
            {
                return true;
            }
        }

        return false;
    }
}
