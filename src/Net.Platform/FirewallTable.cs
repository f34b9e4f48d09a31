namespace Net.Platform;

/// <summary>Names one nftables table.</summary>
/// <param name="Family">Its family.</param>
/// <param name="Name">Its name.</param>
public readonly record struct FirewallTable(FirewallFamily Family, string Name)
{
    /// <summary>The engine's own table.</summary>
    public static FirewallTable NetModule { get; } = new(FirewallFamily.Inet, "netmod");

    /// <summary>As nft writes it, such as "inet netmod".</summary>
    /// <returns>Family and name.</returns>
    public override string ToString() => $"{Family.ToString().ToLowerInvariant()} {Name}";
}
