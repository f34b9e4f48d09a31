namespace Net.Firewall;

/// <summary>Something a verdict depends on and took for granted.</summary>
/// <param name="Kind">What.</param>
/// <param name="Rule">The rule that asks for it; everything else it asks for fits the packet.</param>
/// <param name="Matched">Whether the rule matched because of it.</param>
public sealed record FlowAssumption(FlowAssumptionKind Kind, Rule Rule, bool Matched)
{
    /// <summary>The assumption in a sentence.</summary>
    public override string ToString()
    {
        string what = Kind switch
        {
            FlowAssumptionKind.RateWithinLimit => "the rate is within the limit",
            FlowAssumptionKind.ConnectionsWithinLimit => "the number of connections is within the limit",
            FlowAssumptionKind.DynamicList => "the lists that rules fill hold what they hold at the moment",
            FlowAssumptionKind.UserUnknown => "the user of the socket is not known",
            FlowAssumptionKind.GroupUnknown => "the group of the socket is not known",
            FlowAssumptionKind.CgroupUnknown => "the control group of the socket is not known",
            FlowAssumptionKind.SourceMacUnknown => "the MAC address of the sender is not known",
            _ => "a route is taken to lead back to the source",
        };
        return $"{what}, so rule '{Rule.Name}' {(Matched ? "matches" : "does not match")}";
    }
}
