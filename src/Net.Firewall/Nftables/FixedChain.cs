namespace Net.Firewall;

/// <summary>A chain that is always there and always the same.</summary>
/// <param name="name">Its name.</param>
/// <param name="rules">Its rules as text.</param>
internal sealed class FixedChain(string name, byte[] rules) : TableChain(name)
{
    /// <summary>The chains every table of ours has, whatever the model.</summary>
    public static IReadOnlyList<FixedChain> All { get; } =
    [
        new(FirewallTable.RejectChain, "\t\tmeta l4proto 6 reject with tcp reset\n\t\tmeta l4proto 17 reject with icmpx type port-unreachable\n\t\tmeta l4proto 132 reject with icmpx type port-unreachable\n\t\treject with icmpx type admin-prohibited\n"u8.ToArray()),
        new(FirewallTable.RejectTcpChain, "\t\tmeta l4proto 6 reject with tcp reset\n\t\treject with icmpx type port-unreachable\n"u8.ToArray()),
        new(FirewallTable.TrackingChain, "\t\tct state established return\n"u8.ToArray()),
    ];

    /// <inheritdoc/>
    public override bool IsLike(TableChain standing) => true;

    /// <inheritdoc/>
    public override void Write(NftWriter writer, bool isNew) => writer.Constant("\tchain "u8).Name(Name).Constant(" {\n"u8).Constant(rules).Constant("\t}\n"u8);
}
