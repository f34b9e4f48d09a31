using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Net.Contracts;
using Net.Firewall;
using RuleAction = Net.Firewall.RuleAction;

namespace Net.Engine.Firewall.Runtime.Flows;

/// <summary>Collects what becomes of one packet and tells it.</summary>
/// <param name="question">The packet.</param>
/// <param name="maxSteps">Steps to tell at most; null for only those rules that matched.</param>
internal sealed class FlowStory(FlowQuestion question, int? maxSteps)
{
    private readonly List<NetFlowTranslation> _translations = [];
    private readonly List<NetFlowStep> _steps = [];
    private FlowVerdict? _verdict;
    private string? _decision;

    /// <summary>Steps to tell at most; null for only those rules that matched.</summary>
    public int? MaxSteps => maxSteps;

    /// <summary>The packet before NAT.</summary>
    public FlowPacket Before { get; set; }

    /// <summary>The way it takes, in words.</summary>
    public string? Route { get; set; }

    /// <summary>What the answer depends on.</summary>
    public List<string> Assumptions { get; } = [];

    /// <summary>Chains of others on its way.</summary>
    public List<string> Foreign { get; } = [];

    /// <summary>Whether a rule dropped or refused it.</summary>
    public bool IsStopped => _verdict is { IsAllowed: false };

    /// <summary>Takes what NAT makes of the packet.</summary>
    /// <param name="before">The packet before.</param>
    /// <param name="translation">What was made of it.</param>
    /// <returns>The packet afterwards.</returns>
    public FlowPacket Translate(in FlowPacket before, FlowTranslation translation)
    {
        if (translation.Rule is { } rule)
        {
            string after = translation.AddressOfInterface is { } name ? $"{Ends(translation.Packet)}, the address of {name} in place of its own"
                : translation.PossibleAddresses is { } possible ? $"{Ends(translation.Packet)}, or another of {possible}"
                : Ends(translation.Packet);
            _translations.Add(new NetFlowTranslation(rule.Name, Ends(before), after));
        }

        // That the rest of a connection is translated as its first packet was goes without saying where nothing translates.
        if (translation.IsTranslated || before.State is not (ConnectionStates.None or ConnectionStates.New))
        {
            Assumptions.AddRange(translation.Notes.Where(note => !Assumptions.Contains(note)));
        }

        return translation.Packet;
    }

    /// <summary>Takes what the rules of a direction say.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="steps">The way to it.</param>
    public void Take(FlowVerdict verdict, ImmutableArray<FlowStep> steps)
    {
        _verdict = verdict;
        _decision = verdict.Rule is null ? null : steps.LastOrDefault(step => step.Matched && ReferenceEquals(step.Rule, verdict.Rule))?.Reason;
        _steps.AddRange(steps.Select(step => new NetFlowStep(step.Rule?.Id ?? 0, step.Rule?.Name ?? "others", step.Matched, step.Reason)));
        Assumptions.AddRange(verdict.Assumptions.Select(assumption => assumption.ToString()));
    }

    /// <summary>The answer for a packet that no rule is ever asked about.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="route">The way, in words.</param>
    /// <param name="why">Why.</param>
    public NetFlowVerdict Nowhere(in FlowPacket packet, string? route, string why) => new()
    {
        Flow = question.Completed(packet, packet.Direction, null) with { SourceAddress = null },
        Allowed = false,
        Action = Contracts.RuleAction.Block,
        Reason = Sentence($"it is never sent: {why}"),
        Route = route,
        Assumptions = [.. Assumptions],
    };

    /// <summary>The answer.</summary>
    /// <param name="packet">The packet as the rules saw it.</param>
    /// <param name="outputInterface">The interface it leaves by.</param>
    /// <param name="lostBecause">Why it does not arrive whatever the rules say, or null.</param>
    public NetFlowVerdict Finish(in FlowPacket packet, string? outputInterface, string? lostBecause)
    {
        FlowVerdict verdict = _verdict!;
        bool isLost = lostBecause is not null && verdict.IsAllowed;
        string reason = isLost ? lostBecause! : Decision(verdict);
        if (!isLost && verdict.IsAllowed && Foreign.Count > 0)
        {
            reason += Foreign.Count == 1 ? "; a chain of another program could still drop it" : string.Create(CultureInfo.InvariantCulture, $"; {Foreign.Count} chains of other programs could still drop it");
        }

        return new NetFlowVerdict
        {
            Flow = question.Completed(Before with { Direction = packet.Direction }, packet.Direction, outputInterface),
            Allowed = verdict.IsAllowed && !isLost,
            Action = isLost ? Contracts.RuleAction.Block : (Contracts.RuleAction)(int)verdict.Action,
            Rule = isLost ? null : verdict.Rule?.Name,
            RuleId = isLost ? null : verdict.Rule?.Id,
            Reason = Sentence(reason),
            Translations = [.. _translations],
            Route = Route,
            Steps = [.. _steps],
            ForeignChains = [.. Foreign.Distinct()],
            Assumptions = [.. Assumptions.Distinct()],
        };
    }

    private static string Ends(in FlowPacket packet)
    {
        bool hasPorts = RuleProtocol.FromNumber(packet.Protocol).HasPorts;
        return $"{End(packet.SourceAddress, packet.SourcePort, hasPorts)} -> {End(packet.DestinationAddress, packet.DestinationPort, hasPorts)}";
    }

    private static string End(IPAddress address, ushort port, bool hasPort) => hasPort ? new IPEndPoint(address, port).ToString() : address.ToString();

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..].TrimEnd('.') + ".";

    private string Decision(FlowVerdict verdict)
    {
        if (verdict.IsKeptSession)
        {
            return "it belongs to a connection that stood when the firewall was enabled, and goes on";
        }

        if (verdict.Rule is not { } rule)
        {
            return "no rule decides about it, so it passes";
        }

        string does = rule.Action switch
        {
            RuleAction.Allow => "lets it pass",
            RuleAction.Reject => FlowAnswer.Of(rule, Before) is { } answer ? $"refuses it and tells the sender by {answer}" : "refuses it; such a packet gets no answer",
            _ => "drops it without an answer",
        };
        string what = rule.IsGenerated ? "implied rule" : "rule";
        return _decision is { Length: > 0 } why ? $"{what} '{rule.Name}' {does}: {why}" : $"{what} '{rule.Name}' {does}";
    }
}
