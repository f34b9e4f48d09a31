using System.Globalization;

namespace Net.Relay;

/// <summary>Chooses the engine of a flow: the fastest that can do what the rule needs. The measured rates are in help/guides/relay.md.</summary>
public static class EngineChooser
{
    /// <summary>Up to so many outputs tcx is faster than a packet worker: each clone costs it a whole pass through the output device, while a worker sends in runs.</summary>
    public const int MaxTcxOutputs = 2;

    /// <summary>Up to so many outputs XDP in the driver is faster than a packet worker: its copies are frames, no socket buffers.</summary>
    public const int MaxXdpOutputs = 10;

    private const RelayNeeds NotInKernel = RelayNeeds.PortRange | RelayNeeds.SourcePrefix | RelayNeeds.Fragments | RelayNeeds.Sequence | RelayNeeds.Duplicates | RelayNeeds.FamilyChange | RelayNeeds.RawOutput;
    private const RelayNeeds NotInPacket = RelayNeeds.FamilyChange;
    private const RelayNeeds NotInSocket = RelayNeeds.PortRange | RelayNeeds.DestinationPrefix | RelayNeeds.Esp | RelayNeeds.KeepSource;

    // By speed, as measured with so many outputs.
    private static readonly RelayEngineKind[] Few = [RelayEngineKind.Xdp, RelayEngineKind.Tcx, RelayEngineKind.Packet, RelayEngineKind.Socket];
    private static readonly RelayEngineKind[] Some = [RelayEngineKind.Xdp, RelayEngineKind.Packet, RelayEngineKind.Tcx, RelayEngineKind.Socket];
    private static readonly RelayEngineKind[] Many = [RelayEngineKind.Packet, RelayEngineKind.Xdp, RelayEngineKind.Tcx, RelayEngineKind.Socket];

    /// <summary>Chooses.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="availability">Which engines can run here.</param>
    /// <param name="asked">The engine the rule names; null for the choice here.</param>
    /// <param name="facts">What is known of the input interface.</param>
    /// <returns>The engine and why; no engine, and why not, when the one asked for or all of them cannot.</returns>
    public static EngineChoice Choose(RelayFlow flow, EngineAvailability availability, RelayEngineKind? asked, InputFacts facts)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(availability);
        RelayNeeds needs = NeedsOf(flow);
        if (asked is RelayEngineKind wanted)
        {
            string? obstacle = WhyNot(wanted, needs, availability, facts, isAsked: true);
            return obstacle is null
                ? new EngineChoice(wanted, Sentence($"{NameOf(wanted)}, as the rule asks"))
                : new EngineChoice(null, $"The rule asks for {NameOf(wanted)}, but {obstacle}.");
        }

        int outputs = flow.Targets.Length;
        string? first = null;
        var obstacles = new List<string>();
        foreach (RelayEngineKind engine in outputs <= MaxTcxOutputs ? Few : outputs <= MaxXdpOutputs ? Some : Many)
        {
            string? obstacle = WhyNot(engine, needs, availability, facts, isAsked: false);
            if (obstacle is null)
            {
                return new EngineChoice(engine, Explain(engine, outputs, first));
            }

            // Why XDP cannot is of interest only to whoever asks for it: it is the exception.
            obstacles.Add($"{NameOf(engine)}: {obstacle}");
            first ??= engine == RelayEngineKind.Xdp ? null : $"{NameOf(engine)} cannot: {obstacle}";
        }

        return new EngineChoice(null, $"No engine can relay it ({string.Join("; ", obstacles)}).");
    }

    /// <summary>Why an engine cannot do what a rule needs, whatever the host.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="needs">What the rule needs.</param>
    /// <returns>A clause, or null when it can.</returns>
    public static string? WhyNot(RelayEngineKind engine, RelayNeeds needs)
    {
        RelayNeeds missing = needs & engine switch
        {
            RelayEngineKind.Xdp or RelayEngineKind.Tcx => NotInKernel,
            RelayEngineKind.Packet => NotInPacket,
            _ => NotInSocket,
        };
        if (missing == RelayNeeds.None)
        {
            return null;
        }

        string place = engine switch
        {
            RelayEngineKind.Xdp or RelayEngineKind.Tcx => "in the kernel",
            RelayEngineKind.Packet => "for whole frames",
            _ => "with sockets",
        };
        return $"{Words((RelayNeeds)((int)missing & -(int)missing))} is not possible {place}";
    }

    /// <summary>What a flow needs of its engine.</summary>
    /// <param name="flow">The flow.</param>
    public static RelayNeeds NeedsOf(RelayFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        RelayNeeds needs = NeedsOf(flow.Input.Destination, flow.Input.Source, flow.Input.PortFrom != flow.Input.PortTo, flow.Input.Protocol, flow.AnalyzeSequence, flow.Duplicates);
        foreach (RelayTarget target in flow.Targets)
        {
            needs |= target.Oversize == OversizeAction.Fragment ? RelayNeeds.Fragments : RelayNeeds.None;
            needs |= target.ChangesFamily(flow.Input) ? RelayNeeds.FamilyChange : RelayNeeds.None;
            needs |= target.SourceMode == SourceMode.Keep ? RelayNeeds.KeepSource : RelayNeeds.None;
            needs |= target.SourceMac.Length == 0 ? RelayNeeds.RawOutput : RelayNeeds.None;
        }

        return needs;
    }

    /// <summary>What a rule needs of its engine, as far as the rule alone says.</summary>
    /// <param name="rule">The rule.</param>
    public static RelayNeeds NeedsOf(RelayRuleDefinition rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        RelayNeeds needs = NeedsOf(rule.Destination, rule.Source, rule.PortFrom != rule.PortTo, rule.Protocol, rule.AnalyzeSequence, rule.Duplicates);
        foreach (RelayOutputDefinition output in rule.Outputs)
        {
            needs |= output.Oversize == OversizeAction.Fragment ? RelayNeeds.Fragments : RelayNeeds.None;
            needs |= output.ChangesFamily(rule) ? RelayNeeds.FamilyChange : RelayNeeds.None;
            needs |= output.SourceMode == SourceMode.Keep ? RelayNeeds.KeepSource : RelayNeeds.None;
        }

        return needs;
    }

    /// <summary>The name of an engine as people write it.</summary>
    /// <param name="engine">The engine.</param>
    public static string NameOf(RelayEngineKind engine) => engine switch
    {
        RelayEngineKind.Xdp => "XDP",
        RelayEngineKind.Tcx => "tcx",
        RelayEngineKind.Packet => "the packet worker",
        _ => "the socket worker",
    };

    private static RelayNeeds NeedsOf(AddressPrefix destination, AddressPrefix? source, bool hasRange, RelayProtocol protocol, bool analyze, DuplicateMode duplicates) =>
        (destination.IsExact ? RelayNeeds.None : RelayNeeds.DestinationPrefix)
        | (source is { IsExact: false } ? RelayNeeds.SourcePrefix : RelayNeeds.None)
        | (hasRange ? RelayNeeds.PortRange : RelayNeeds.None)
        | (protocol == RelayProtocol.Esp ? RelayNeeds.Esp : RelayNeeds.None)
        | (analyze ? RelayNeeds.Sequence : RelayNeeds.None)
        | (duplicates != DuplicateMode.None ? RelayNeeds.Duplicates : RelayNeeds.None);

    private static string? WhyNot(RelayEngineKind engine, RelayNeeds needs, EngineAvailability availability, InputFacts facts, bool isAsked)
    {
        if (WhyNot(engine, needs) is string obstacle)
        {
            return obstacle;
        }

        EngineState state = availability[engine];
        if (!state.IsAvailable)
        {
            return state.Reason;
        }

        if (engine != RelayEngineKind.Xdp)
        {
            return null;
        }

        if (facts.SenderMayBeLocal)
        {
            return "a sender may be on this host, whose packets have no checksum yet where XDP sees them";
        }

        // Whoever asks for it may have the generic mode; it is right, only slower than tcx.
        return isAsked || facts.HasNativeXdp ? null : "the driver of the input has no XDP of its own";
    }

    private static string Explain(RelayEngineKind engine, int outputs, string? first)
    {
        string count = outputs == 1 ? "1 output" : string.Create(CultureInfo.InvariantCulture, $"{outputs} outputs");
        string name = NameOf(engine);
        string sentence = engine switch
        {
            RelayEngineKind.Xdp when outputs <= MaxTcxOutputs => $"{name}: the driver of the input runs it itself, and with {count} nothing is faster",
            RelayEngineKind.Xdp when outputs <= MaxXdpOutputs =>
                string.Create(CultureInfo.InvariantCulture, $"{name}: the driver of the input runs it itself, which carries up to {MaxXdpOutputs} outputs faster than a worker, and the rule has {count}"),
            RelayEngineKind.Tcx when outputs <= MaxTcxOutputs => $"{name}: with {count} the kernel alone is fastest",
            RelayEngineKind.Packet when outputs > MaxTcxOutputs => $"{name}: with {count} it sends in runs, which is faster than cloning in the kernel",
            _ => name,
        };
        return Sentence(first is null ? sentence : $"{sentence}, as {first}");
    }

    private static string Sentence(string words) => $"{char.ToUpperInvariant(words[0])}{words[1..]}.";

    private static string Words(RelayNeeds need) => need switch
    {
        RelayNeeds.PortRange => "a range of ports",
        RelayNeeds.DestinationPrefix => "a prefix of destinations",
        RelayNeeds.SourcePrefix => "a prefix of sources",
        RelayNeeds.Esp => "ESP",
        RelayNeeds.Fragments => "fragmenting",
        RelayNeeds.Sequence => "counting of sequence numbers",
        RelayNeeds.Duplicates => "handling of duplicates",
        RelayNeeds.FamilyChange => "a change between IPv4 and IPv6",
        RelayNeeds.KeepSource => "keeping the source address",
        _ => "an output without Ethernet headers",
    };
}
