namespace Net.Firewall;

/// <summary>A model together with its layout in chains, as it stands in the datapath.</summary>
/// <param name="Model">The model.</param>
/// <param name="Layout">Which rule is in which chain.</param>
public sealed record CompiledFirewall(FirewallModel Model, ChunkLayout Layout)
{
    /// <summary>A table of ours without rules.</summary>
    public static CompiledFirewall Empty { get; } = new(FirewallModel.Empty, ChunkLayout.Empty);
}
