namespace Net.Firewall;

/// <summary>Checks the effects of a filter rule.</summary>
internal static class RuleEffectChecks
{
    private const byte HighestDscp = 63;

    // TCP's own least (RFC 9293 section 3.7.1: 536 by default for IPv4) is higher; below this the kernel and peers misbehave.
    private const ushort LeastSegment = 48;

    /// <summary>Checks everything a rule shows by itself.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="report">Takes problems.</param>
    public static void Run(Rule rule, ProblemReport report)
    {
        if (rule.Effects is not { } effects)
        {
            return;
        }

        CommonChecks.RunEnumeration(nameof(RuleEffects.RejectWith), effects.RejectWith, report);
        if (effects.RejectWith != RejectKind.Default && rule.Action != RuleAction.Reject)
        {
            report.Add(nameof(RuleEffects.RejectWith), RuleErrorIds.EffectNeedsAction, $"A way to reject was given, but the action is {rule.Action}.", "Set the action to Reject.");
        }

        bool changes = effects is { SetDscp: not null } or { SetTtl: not null } or { SetMark: not null } or { MaxSegmentSize: not null };
        if (changes && rule.Action is RuleAction.Block or RuleAction.Reject)
        {
            report.Add(
                effects.SetDscp is not null ? nameof(RuleEffects.SetDscp) : effects.SetTtl is not null ? nameof(RuleEffects.SetTtl) : effects.SetMark is not null ? nameof(RuleEffects.SetMark) : nameof(RuleEffects.MaxSegmentSize),
                RuleErrorIds.EffectNeedsAction,
                "The rule changes packets that it then drops.",
                "Use action Allow or Continue, or leave out the change.");
        }

        if (effects.SetDscp > HighestDscp)
        {
            report.Add(nameof(RuleEffects.SetDscp), RuleErrorIds.ValueOutOfRange, $"Code point {effects.SetDscp} is above 63.", "Code points have six bits: 0 to 63.");
        }

        if (effects.SetTtl == 0)
        {
            report.Add(nameof(RuleEffects.SetTtl), RuleErrorIds.ValueOutOfRange, "A packet with a time to live of 0 goes nowhere.", "Give 1 to 255.");
        }

        if (effects.SetMark is MarkMatch mark && (mark.Mask == 0 || (mark.Value & ~mark.Mask) != 0))
        {
            report.Add(nameof(RuleEffects.SetMark), RuleErrorIds.ValueOutOfRange, "The mark has bits outside its mask, or a mask of 0.", "Take the mask so that it covers the value.");
        }

        CheckSegmentSize(rule, effects, report);
        CheckAdd(effects, report);
    }

    private static void CheckSegmentSize(Rule rule, RuleEffects effects, ProblemReport report)
    {
        if (effects.MaxSegmentSize is not ushort size)
        {
            return;
        }

        if (rule.Protocol != RuleProtocol.Tcp)
        {
            report.Add(nameof(RuleEffects.MaxSegmentSize), RuleErrorIds.ConditionNeedsProtocol, $"A segment size was given, but the protocol is '{rule.Protocol}'.", "Set the protocol to tcp.");
        }

        // The kernel looks the route up where packets leave only (nft_rt.c: forward, output, postrouting).
        if (size == 0 && rule.Direction == RuleDirection.Inbound)
        {
            report.Add(nameof(RuleEffects.MaxSegmentSize), RuleErrorIds.ConditionDirection, "The size a route allows is not known of a packet that ends at this host.", "Use direction Outbound or Forward, or give the size in bytes.");
        }

        if (size is > 0 and < LeastSegment)
        {
            report.Add(nameof(RuleEffects.MaxSegmentSize), RuleErrorIds.ValueOutOfRange, $"Segments of {size} bytes are too small.", $"Give at least {LeastSegment}, or 0 for what the route allows.");
        }
    }

    private static void CheckAdd(RuleEffects effects, ProblemReport report)
    {
        if (effects.AddSourceFor is not TimeSpan time)
        {
            return;
        }

        if (effects.AddSourceTo is null)
        {
            report.Add(nameof(RuleEffects.AddSourceFor), RuleErrorIds.EffectNeedsList, "A time was given, but no list to put the source into.", "Name a dynamic address list.");
        }

        if (time < TimeSpan.FromSeconds(1) || time > AddressListChecks.LongestTimeout)
        {
            report.Add(nameof(RuleEffects.AddSourceFor), RuleErrorIds.ValueOutOfRange, "The source would stay in the list for less than a second or more than a year.", "Give between 1 second and 365 days, or nothing for the list's own time.");
        }
    }
}
