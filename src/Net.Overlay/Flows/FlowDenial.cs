namespace Net.Overlay.Flows;

/// <summary>Denied packets of one peer under one rule, in one record at most once a second.</summary>
/// <param name="Key">The packet that was denied last.</param>
/// <param name="FromPeer">Who sent it, -1 for this node.</param>
/// <param name="ToPeer">Where it would have gone, -1 for this node.</param>
/// <param name="RuleIndex">The rule that denies, -1 for the default.</param>
/// <param name="PolicyGeneration">The policy that rule stands in, see <see cref="Policy.PolicySet.Generation"/>.</param>
/// <param name="Time">Nanoseconds of the monotonic clock.</param>
/// <param name="Packets">Packets denied since the last record, this one included.</param>
public readonly record struct FlowDenial(FlowKey Key, int FromPeer, int ToPeer, int RuleIndex, uint PolicyGeneration, long Time, long Packets);
