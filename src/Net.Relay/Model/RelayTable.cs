namespace Net.Relay;

/// <summary>All flows of an engine or worker, immutable, with what finds those of a packet. Exact flows, of any source or of one, are found by hash, however many there are; for others each length
/// of prefix in use costs one look-up more, and ranges of ports are found by bisection.</summary>
public sealed class RelayTable
{
    private readonly RelayFlow[] _flows;
    private readonly FlowIndex _index;

    // What the keys of one kind stand for: indexes of flows, ranges of ports, lengths of prefixes.
    private readonly int[] _exact;
    private readonly PortInterval[] _intervals;
    private readonly int[] _levels;
    private readonly bool _hasSources;

    /// <summary>Compiles flows.</summary>
    /// <param name="flows">The flows, in any order.</param>
    public RelayTable(IReadOnlyList<RelayFlow> flows)
    {
        ArgumentNullException.ThrowIfNull(flows);

        // Sorted by how specific they are, so that matches come in the right order when sorted by index.
        _flows = [.. flows];
        Array.Sort(_flows, CompareSpecificity);
        Fingerprint = RelayFingerprint.Of(_flows);
        var builder = new Builder(_flows);
        _index = new FlowIndex(builder.Entries);
        _exact = [.. builder.Exact];
        _intervals = [.. builder.Intervals];
        _levels = [.. builder.Levels];
        _hasSources = builder.HasSources;
    }

    /// <summary>A table without flows.</summary>
    public static RelayTable Empty { get; } = new([]);

    /// <summary>The flows, the most specific first; the numbers <see cref="Find"/> gives are indexes of it.</summary>
    public ReadOnlySpan<RelayFlow> Flows => _flows;

    /// <summary>A hash over the content, the same for any order of the same flows: what engine and worker compare.</summary>
    public ulong Fingerprint { get; }

    /// <summary>Finds the flows of a packet. Every flow that matches is given, as rules that overlap all deliver, whichever engines they are in: longer prefixes of the destination
    /// first, then (S,G) before (*,G), then narrower ranges of ports, then lower ids.</summary>
    /// <param name="interfaceIndex">Where the packet came in.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="matches">Receives indexes of <see cref="Flows"/>; what has no room is left out.</param>
    /// <returns>How many were written.</returns>
    public int Find(int interfaceIndex, in PacketView packet, Span<int> matches)
    {
        int found = 0;
        if (_hasSources)
        {
            FlowKey source = FlowKey.OfSource(interfaceIndex, packet.Destination, packet.Source, packet.DestinationPort, packet.Protocol);
            found = AddExact(source, matches, found);
        }

        FlowKey any = FlowKey.OfAny(interfaceIndex, packet.Destination, packet.DestinationPort, packet.Protocol);
        found = AddExact(any, matches, found);
        return _levels.Length == 0 ? found : AddPrefixes(interfaceIndex, packet, matches, found);
    }

    private static int CompareSpecificity(RelayFlow left, RelayFlow right)
    {
        int order = right.Input.Destination.MappedLength.CompareTo(left.Input.Destination.MappedLength);
        order = order != 0 ? order : (right.Input.Source?.MappedLength ?? -1).CompareTo(left.Input.Source?.MappedLength ?? -1);
        order = order != 0 ? order : (left.Input.PortTo - left.Input.PortFrom).CompareTo(right.Input.PortTo - right.Input.PortFrom);
        order = order != 0 ? order : left.RuleId.CompareTo(right.RuleId);
        return order != 0 ? order : left.Input.InterfaceIndex.CompareTo(right.Input.InterfaceIndex);
    }

    private int AddExact(in FlowKey key, Span<int> matches, int found)
    {
        int count = _index.Find(key, out int first);
        for (int index = first; index < first + count && found < matches.Length; index++)
        {
            matches[found++] = _exact[index];
        }

        return found;
    }

    private int AddPrefixes(int interfaceIndex, in PacketView packet, Span<int> matches, int found)
    {
        bool isIPv4 = !packet.IsIPv6;
        int exact = found;
        FlowKey levels = FlowKey.OfLevels(interfaceIndex, isIPv4, packet.Protocol);
        int levelCount = _index.Find(levels, out int firstLevel);
        for (int level = firstLevel; level < firstLevel + levelCount; level++)
        {
            int length = _levels[level];
            FlowKey prefix = FlowKey.OfPrefix(interfaceIndex, packet.Destination.Mask(length), length, isIPv4, packet.Protocol);
            int count = _index.Find(prefix, out int first);
            if (count > 0)
            {
                found = AddIntervals(_intervals.AsSpan(first, count), packet, matches, found);
            }
        }

        // Those added may be more specific than exact ones of any source: sorted into place, they are few.
        for (int index = Math.Max(1, exact); index < found; index++)
        {
            int flow = matches[index];
            int at = index;
            for (; at > 0 && matches[at - 1] > flow; at--)
            {
                matches[at] = matches[at - 1];
            }

            matches[at] = flow;
        }

        return found;
    }

    // Sorted by their first port; each knows the highest last port up to it, which says when to stop going back.
    private static int AddIntervals(ReadOnlySpan<PortInterval> intervals, in PacketView packet, Span<int> matches, int found)
    {
        int port = packet.DestinationPort;
        int low = 0;
        int high = intervals.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (intervals[middle].From <= port)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        for (int index = low - 1; index >= 0 && intervals[index].HighestTo >= port && found < matches.Length; index--)
        {
            ref readonly PortInterval interval = ref intervals[index];
            if (interval.To >= port && (!interval.HasSource || interval.Source.Contains(packet.Source)))
            {
                matches[found++] = interval.Flow;
            }
        }

        return found;
    }

    private struct PortInterval
    {
        public ushort From;
        public ushort To;
        public ushort HighestTo;
        public bool HasSource;
        public MaskedPrefix Source;
        public int Flow;
    }

    private sealed class Builder
    {
        public Builder(RelayFlow[] flows)
        {
            var exact = new Dictionary<FlowKey, List<int>>();
            var prefixes = new Dictionary<FlowKey, List<PortInterval>>();
            var levels = new Dictionary<FlowKey, SortedSet<int>>();
            for (int flow = 0; flow < flows.Length; flow++)
            {
                RelayInput input = flows[flow].Input;
                var destination = new MaskedPrefix(input.Destination);
                if (input.IsExact)
                {
                    FlowKey key = input.Source is AddressPrefix source
                        ? FlowKey.OfSource(input.InterfaceIndex, destination.Address, RelayAddress.From(source.Address), input.PortFrom, input.Protocol)
                        : FlowKey.OfAny(input.InterfaceIndex, destination.Address, input.PortFrom, input.Protocol);
                    HasSources |= input.Source is not null;
                    ListOf(exact, key).Add(flow);
                    continue;
                }

                ListOf(prefixes, FlowKey.OfPrefix(input.InterfaceIndex, destination.Address, destination.Length, destination.IsIPv4, input.Protocol)).Add(new PortInterval
                {
                    From = input.PortFrom,
                    To = input.PortTo,
                    HasSource = input.Source is not null,
                    Source = input.Source is AddressPrefix prefix ? new MaskedPrefix(prefix) : default,
                    Flow = flow,
                });
                FlowKey levelsKey = FlowKey.OfLevels(input.InterfaceIndex, destination.IsIPv4, input.Protocol);
                if (!levels.TryGetValue(levelsKey, out SortedSet<int>? lengths))
                {
                    levels.Add(levelsKey, lengths = []);
                }

                lengths.Add(destination.Length);
            }

            AddAll(exact, Exact);
            foreach (List<PortInterval> intervals in prefixes.Values)
            {
                Finish(intervals);
            }

            AddAll(prefixes, Intervals);
            foreach ((FlowKey key, SortedSet<int> lengths) in levels)
            {
                Entries.Add((key, Levels.Count, lengths.Count));
                Levels.AddRange(lengths.Reverse());
            }
        }

        public List<(FlowKey Key, int First, int Count)> Entries { get; } = [];

        public List<int> Exact { get; } = [];

        public List<PortInterval> Intervals { get; } = [];

        public List<int> Levels { get; } = [];

        public bool HasSources { get; }

        private void AddAll<T>(Dictionary<FlowKey, List<T>> groups, List<T> all)
        {
            foreach ((FlowKey key, List<T> group) in groups)
            {
                Entries.Add((key, all.Count, group.Count));
                all.AddRange(group);
            }
        }

        private static List<T> ListOf<T>(Dictionary<FlowKey, List<T>> groups, FlowKey key)
        {
            if (!groups.TryGetValue(key, out List<T>? list))
            {
                groups.Add(key, list = []);
            }

            return list;
        }

        private static void Finish(List<PortInterval> intervals)
        {
            intervals.Sort(static (left, right) => left.From != right.From ? left.From.CompareTo(right.From) : left.Flow.CompareTo(right.Flow));
            ushort highest = 0;
            for (int index = 0; index < intervals.Count; index++)
            {
                PortInterval interval = intervals[index];
                highest = Math.Max(highest, interval.To);
                interval.HighestTo = highest;
                intervals[index] = interval;
            }
        }
    }
}
