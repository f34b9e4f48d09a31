using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Net.Relay.Bytecode;

/// <summary>Flows compiled for the kernel's maps. A packet finds one entry: so an entry has the targets of every rule that takes its packets, exact ones those of the prefixes around them too,
/// in the order in which <see cref="RelayTable"/> finds the rules.</summary>
public sealed class KernelTable
{
    /// <summary>Up to so many ports of a range are dropped early for packet workers, one by one; packets of a wider one take their way through the IP stack, which finds no socket for
    /// them.</summary>
    public const int MaxDroppedPorts = 256;

    private readonly Dictionary<KernelKey, Builder> _builders = [];
    private readonly Dictionary<KernelKey, KernelEntry> _entries = [];
    private readonly HashSet<KernelKey> _sources = [];
    private readonly List<KernelRefusal> _refusals = [];
    private readonly RelayEngineKind _engine;

    /// <summary>Compiles flows.</summary>
    /// <param name="engine">Which of the kernel's engines: XDP takes less.</param>
    /// <param name="flows">What it relays.</param>
    /// <param name="dropped">What packet workers take from their rings, so that it can be dropped early; none for XDP, which would take it from the rings.</param>
    public KernelTable(RelayEngineKind engine, IReadOnlyList<RelayFlow> flows, IReadOnlyList<RelayFlow> dropped)
    {
        ArgumentNullException.ThrowIfNull(flows);
        ArgumentNullException.ThrowIfNull(dropped);
        _engine = engine;
        var accepted = new List<RelayFlow>(flows.Count);
        foreach (RelayFlow flow in flows)
        {
            if (WhyNot(engine, flow) is string reason)
            {
                _refusals.Add(new KernelRefusal(flow.RuleId, reason));
            }
            else
            {
                accepted.Add(flow);
            }
        }

        accepted.Sort(CompareSpecificity);
        foreach (RelayFlow flow in accepted)
        {
            BuilderOf(KeyOf(flow.Input, flow.Input.PortFrom), flow.Input).Flows.Add(flow);
        }

        foreach (RelayFlow flow in dropped)
        {
            AddDropped(flow.Input);
        }

        AddAny();
        AddCovering();
        Finish();
    }

    /// <summary>The entries.</summary>
    public IReadOnlyDictionary<KernelKey, KernelEntry> Entries => _entries;

    /// <summary>Keys of the map of allowed sources; their table says only the family.</summary>
    public IReadOnlySet<KernelKey> Sources => _sources;

    /// <summary>Flows that were not taken.</summary>
    public IReadOnlyList<KernelRefusal> Refusals => _refusals;

    /// <summary>Why one of the kernel's engines cannot take a flow, whatever the host.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="flow">The flow.</param>
    /// <returns>A clause, or null when it can.</returns>
    public static string? WhyNot(RelayEngineKind engine, RelayFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        RelayInput input = flow.Input;
        if (input.PortFrom != input.PortTo)
        {
            return "a range of ports is not possible in the kernel";
        }

        if (input.Source is not null && !input.IsExact)
        {
            return "a source together with a prefix is not possible in the kernel";
        }

        if (flow.AnalyzeSequence || flow.Duplicates != DuplicateMode.None)
        {
            return "the payload is not read in the kernel";
        }

        if (flow.Targets.Length is 0 or > RelayFlow.MaxTargets)
        {
            return $"a rule has 1 to {RelayFlow.MaxTargets} outputs";
        }

        foreach (RelayTarget target in flow.Targets)
        {
            if (WhyNot(flow, target) is string reason)
            {
                return reason;
            }
        }

        return engine == RelayEngineKind.Xdp ? WhyNotXdp(flow) : null;
    }

    /// <summary>Writes the value of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="first">Index of its first target.</param>
    /// <param name="input">Counter of its first rule's input.</param>
    /// <param name="value">Receives <see cref="KernelLayout.EntryBytes"/>.</param>
    public static void WriteEntry(KernelEntry entry, int first, int input, Span<byte> value)
    {
        ArgumentNullException.ThrowIfNull(entry);
        MemoryMarshal.Write(value[KernelLayout.EntryFirst..], first);
        MemoryMarshal.Write(value[KernelLayout.EntryCount..], entry.Outputs.Count);
        MemoryMarshal.Write(value[KernelLayout.EntryFlags..], entry.Flags);
        MemoryMarshal.Write(value[KernelLayout.EntryInput..], input);
    }

    private static string? WhyNot(RelayFlow flow, RelayTarget target)
    {
        bool isIPv6 = flow.Input.Destination.IsIPv6;
        if (target.ChangesFamily(flow.Input) || (target.SourceMode != SourceMode.Keep && target.Source?.AddressFamily != flow.Input.Destination.Address.AddressFamily))
        {
            return "a change between IPv4 and IPv6 is not possible in the kernel";
        }

        if (target.SourceMac.Length != 6 || target.DestinationMac is { Length: not 6 })
        {
            return "an output without Ethernet headers is not possible in the kernel";
        }

        if (target.Oversize == OversizeAction.Fragment)
        {
            return "fragmenting is not possible in the kernel";
        }

        // A prefix may have groups and others in it: there the program looks at each packet.
        bool isGroup = target.Destination is null ? flow.Input.Destination.IsMulticast || !flow.Input.Destination.IsExact : RelayAddress.From(target.Destination).IsMulticast;
        return target.DestinationMac is null && !isGroup
            ? $"the link-layer address of {target.DestinationFor(flow.Input)} is not known{(isIPv6 ? "" : " yet")}"
            : null;
    }

    private static string? WhyNotXdp(RelayFlow flow)
    {
        var devices = new HashSet<int> { flow.Input.InterfaceIndex };
        foreach (RelayTarget target in flow.Targets)
        {
            if (!devices.Add(target.InterfaceIndex))
            {
                return target.InterfaceIndex == flow.Input.InterfaceIndex ? "XDP cannot send to the interface of the input" : "XDP cannot send twice to an interface";
            }
        }

        return null;
    }

    private static int CompareSpecificity(RelayFlow left, RelayFlow right)
    {
        int order = right.Input.Destination.Length.CompareTo(left.Input.Destination.Length);
        order = order != 0 ? order : (right.Input.Source is not null).CompareTo(left.Input.Source is not null);
        return order != 0 ? order : left.RuleId.CompareTo(right.RuleId);
    }

    private static KernelKey KeyOf(RelayInput input, ushort port) => input.Destination.IsExact
        ? ExactKey(input, port, input.Source)
        : PrefixKey(input, port);

    private static KernelKey ExactKey(RelayInput input, ushort port, AddressPrefix? source)
    {
        bool isIPv6 = input.Destination.IsIPv6;
        byte[] key = new byte[isIPv6 ? KernelLayout.Key6Bytes : KernelLayout.Key4Bytes];
        MemoryMarshal.Write(key, input.InterfaceIndex);
        int destination = isIPv6 ? 8 : 4;
        int from = isIPv6 ? 24 : 8;
        int ports = isIPv6 ? 4 : 12;
        BinaryPrimitives.WriteUInt16BigEndian(key.AsSpan(ports), port);
        key[ports + 2] = (byte)input.Protocol;
        _ = input.Destination.Address.TryWriteBytes(key.AsSpan(destination), out _);
        _ = source?.Address.TryWriteBytes(key.AsSpan(from), out _);
        return new KernelKey(isIPv6 ? KernelTableKind.Exact6 : KernelTableKind.Exact4, key);
    }

    private static KernelKey PrefixKey(RelayInput input, ushort port)
    {
        bool isIPv6 = input.Destination.IsIPv6;
        byte[] key = new byte[isIPv6 ? KernelLayout.Prefix6Bytes : KernelLayout.Prefix4Bytes];
        MemoryMarshal.Write(key, KernelLayout.PrefixFixedBits + input.Destination.Length);
        MemoryMarshal.Write(key.AsSpan(4), input.InterfaceIndex);
        BinaryPrimitives.WriteUInt16BigEndian(key.AsSpan(8), port);
        key[10] = (byte)input.Protocol;
        _ = input.Destination.Address.TryWriteBytes(key.AsSpan(12), out _);
        return new KernelKey(isIPv6 ? KernelTableKind.Prefix6 : KernelTableKind.Prefix4, key);
    }

    private void AddDropped(RelayInput input)
    {
        // A source that is a prefix, or stands with one, cannot be told apart here; what is too wide is left to the stack.
        if ((input.Source is not null && !(input.Destination.IsExact && input.Source.Value.IsExact)) || input.PortTo - input.PortFrom >= MaxDroppedPorts)
        {
            return;
        }

        for (int port = input.PortFrom; port <= input.PortTo; port++)
        {
            BuilderOf(KeyOf(input, (ushort)port), input with { PortFrom = (ushort)port, PortTo = (ushort)port }).IsDropped = true;
        }
    }

    private Builder BuilderOf(KernelKey key, RelayInput input)
    {
        if (!_builders.TryGetValue(key, out Builder? builder))
        {
            builder = new Builder(input);
            _builders.Add(key, builder);
        }

        return builder;
    }

    // Programs look for any source first: there is an entry for it wherever there is one with a source.
    private void AddAny()
    {
        foreach ((KernelKey key, Builder specific) in _builders.ToArray())
        {
            if (specific.Input.Source is not null)
            {
                RelayInput any = specific.Input with { Source = null };
                Builder builder = BuilderOf(ExactKey(any, any.PortFrom, null), any);
                builder.HasSources = true;
                specific.Any = builder;
            }
        }
    }

    private void AddCovering()
    {
        // Prefixes by what must be equal, the longest first: usually there are none.
        ILookup<(int, ushort, RelayProtocol, bool), Builder> prefixes = _builders.Values.Where(builder => !builder.Input.Destination.IsExact)
            .OrderByDescending(builder => builder.Input.Destination.Length).ToLookup(builder => Group(builder.Input));
        foreach (Builder builder in _builders.Values)
        {
            builder.All.AddRange(builder.Flows);
            builder.IsAllDropped = builder.IsDropped;
            if (builder.Any is not null)
            {
                builder.All.AddRange(builder.Any.Flows);
                builder.IsAllDropped |= builder.Any.IsDropped;
            }

            foreach (Builder prefix in prefixes[Group(builder.Input)])
            {
                if (prefix != builder && prefix.Input.Destination.Length < builder.Input.Destination.Length && prefix.Input.Destination.Contains(builder.Input.Destination.Address))
                {
                    builder.All.AddRange(prefix.Flows);
                    builder.IsAllDropped |= prefix.IsDropped;
                }
            }
        }
    }

    private static (int Interface, ushort Port, RelayProtocol Protocol, bool IsIPv6) Group(RelayInput input) =>
        (input.InterfaceIndex, input.PortFrom, input.Protocol, input.Destination.IsIPv6);

    private void Finish()
    {
        var refused = new HashSet<int>();
        foreach ((KernelKey key, Builder builder) in _builders)
        {
            var outputs = new List<KernelOutput>();
            foreach (RelayFlow flow in builder.All)
            {
                if (outputs.Count + flow.Targets.Length > KernelLayout.MaxTargets)
                {
                    Refuse(refused, flow, $"together with the rules it overlaps it has more than {KernelLayout.MaxTargets} outputs");
                    continue;
                }

                if (_engine == RelayEngineKind.Xdp && outputs.Count > 0)
                {
                    Refuse(refused, flow, $"XDP cannot relay packets that rule {outputs[0].Flow.RuleId} takes as well");
                    continue;
                }

                for (int i = 0; i < flow.Targets.Length; i++)
                {
                    outputs.Add(new KernelOutput(flow, i, i == 0));
                }

                AddSources(flow);
            }

            int flags = (builder.HasSources ? KernelLayout.EntryHasSources : 0) | (builder.IsAllDropped && outputs.Count == 0 ? KernelLayout.EntryIsDropped : 0);
            _entries.Add(key, new KernelEntry(flags, outputs));
        }
    }

    private void Refuse(HashSet<int> refused, RelayFlow flow, string reason)
    {
        if (refused.Add(flow.RuleId))
        {
            _refusals.Add(new KernelRefusal(flow.RuleId, reason));
        }
    }

    private void AddSources(RelayFlow flow)
    {
        foreach (AddressPrefix source in flow.AllowedSources)
        {
            byte[] key = new byte[KernelLayout.SourceBytes];
            MemoryMarshal.Write(key, KernelLayout.SourceFixedBits + source.Length);
            MemoryMarshal.Write(key.AsSpan(4), flow.RuleId);
            if (source.IsIPv6 == flow.Input.Destination.IsIPv6)
            {
                _ = source.Address.TryWriteBytes(key.AsSpan(8), out _);
                _sources.Add(new KernelKey(source.IsIPv6 ? KernelTableKind.Exact6 : KernelTableKind.Exact4, key));
            }
        }
    }

    private sealed class Builder(RelayInput input)
    {
        internal RelayInput Input { get; } = input;

        internal List<RelayFlow> Flows { get; } = [];

        internal List<RelayFlow> All { get; } = [];

        internal Builder? Any { get; set; }

        internal bool HasSources { get; set; }

        internal bool IsDropped { get; set; }

        internal bool IsAllDropped { get; set; }
    }
}
