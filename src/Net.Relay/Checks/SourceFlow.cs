namespace Net.Relay;

/// <summary>Which source addresses packets have where they leave a rule, and whether another rule takes them.</summary>
internal static class SourceFlow
{
    /// <summary>Whether a rule may take what another one's output sends, by their sources alone.</summary>
    /// <param name="from">The rule that sends.</param>
    /// <param name="output">Its output.</param>
    /// <param name="to">The rule that would receive.</param>
    public static bool CanReach(RelayRuleDefinition from, RelayOutputDefinition output, RelayRuleDefinition to) => output.SourceMode switch
    {
        SourceMode.Fixed when output.Source is not null => Takes(to, [AddressPrefix.Of(output.Source)]),

        // The interface's address is not known here. A rule for single sources hardly means this host.
        SourceMode.Interface => to.Source is not { IsExact: true } && (to.AllowedSources.Count == 0 || to.AllowedSources.Any(source => !source.IsExact)),
        _ => Takes(to, from.Source is AddressPrefix source ? [source] : []) && Takes(to, from.AllowedSources),
    };

    // No sources stand for any.
    private static bool Takes(RelayRuleDefinition rule, IReadOnlyList<AddressPrefix> sources) =>
        sources.Count == 0
        || ((rule.Source is not AddressPrefix wanted || sources.Any(source => source.Overlaps(wanted)))
            && (rule.AllowedSources.Count == 0 || sources.Any(source => rule.AllowedSources.Any(allowed => allowed.Overlaps(source)))));
}
