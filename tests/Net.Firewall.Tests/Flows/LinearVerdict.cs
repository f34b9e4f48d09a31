namespace Net.Firewall.Tests.Flows;

/// <summary>What the plainest reading of the model makes of a packet.</summary>
internal sealed record LinearVerdict(RuleAction Action, long? Rule, IReadOnlyList<long> Continued, uint Mark, byte Dscp, byte? Ttl)
{
    public static LinearVerdict Of(FlowVerdict verdict) =>
        new(verdict.Action, verdict.Rule?.Id, [.. verdict.Continued.Select(rule => rule.Id)], verdict.Mark, verdict.Dscp, verdict.Ttl);

    public override string ToString() => $"{Action} by {Rule}, after {string.Join(',', Continued)}, mark {Mark:x}, code point {Dscp}, time to live {Ttl}";
}
