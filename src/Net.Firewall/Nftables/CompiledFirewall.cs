using System.Collections.Immutable;

namespace Net.Firewall;

/// <summary>A model together with its layout in chains, as it stands in the datapath.</summary>
/// <param name="Model">The model.</param>
public sealed record CompiledFirewall(FirewallModel Model)
{
    private TablePlan? _plan;

    /// <summary>A table of ours without rules.</summary>
    public static CompiledFirewall Empty { get; } = new(FirewallModel.Empty);

    /// <summary>Which rule is in which chain.</summary>
    internal TableLayout Layout { get; init; } = TableLayout.Empty;

    /// <summary>What was known of the host.</summary>
    public FirewallCompileOptions Options { get; init; } = FirewallCompileOptions.Default;

    /// <summary>Rules in force that are not in the datapath; compile a change once the reason is gone.</summary>
    public ImmutableArray<RuleLeftOut> LeftOut => Plan.LeftOut;

    /// <summary>The chains and sets it takes.</summary>
    internal TablePlan Plan => _plan ??= TablePlan.For(Model, Layout, Options);
}
