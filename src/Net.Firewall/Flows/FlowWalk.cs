namespace Net.Firewall;

/// <summary>A packet on its way through the rules: what changed about it, which rules matched, what was assumed.</summary>
internal struct FlowWalk
{
    private FlowProgress _progress;
    private Rule? _deciding;
    private List<Rule>? _continued;
    private List<FlowAssumption>? _assumptions;

    /// <summary>Begins with a packet.</summary>
    /// <param name="packet">The packet.</param>
    public FlowWalk(in FlowPacket packet) => _progress = new FlowProgress(packet);

    /// <summary>What changed so far.</summary>
    public readonly FlowProgress Progress => _progress;

    /// <summary>Whether a rule decided.</summary>
    public readonly bool IsDecided => _deciding is not null;

    /// <summary>Asks a rule, and does what it does when it matches.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="packet">The packet.</param>
    /// <returns>What kept it from matching; None when it matched.</returns>
    public FlowCondition Ask(FlowRule rule, in FlowPacket packet)
    {
        FlowCondition failed = rule.Check(packet, _progress, out FlowAssumptionKind? assumption);
        if (assumption is FlowAssumptionKind kind)
        {
            (_assumptions ??= []).Add(new FlowAssumption(kind, rule.Rule, failed == FlowCondition.None));
        }

        if (failed != FlowCondition.None)
        {
            return failed;
        }

        if (rule.Rule.Effects is RuleEffects effects)
        {
            _progress.Apply(effects, packet);
        }

        if (rule.Rule.Action == RuleAction.Continue)
        {
            (_continued ??= []).Add(rule.Rule);
        }
        else
        {
            _deciding = rule.Rule;
        }

        return FlowCondition.None;
    }

    /// <summary>The verdict.</summary>
    /// <param name="isKeptSession">Whether no rule was asked.</param>
    public readonly FlowVerdict Finish(bool isKeptSession = false) => new()
    {
        Action = _deciding?.Action ?? RuleAction.Allow,
        Rule = _deciding,
        IsKeptSession = isKeptSession,
        Mark = _progress.Mark,
        Dscp = _progress.Dscp,
        Ttl = _progress.Ttl,
        MaxSegmentSize = _progress.MaxSegmentSize,
        Continued = _continued is null ? [] : [.. _continued],
        Assumptions = _assumptions is null ? [] : [.. _assumptions],
    };
}
