using System.Globalization;
using Net.Engine.Firewall.Runtime.Tracing;
using Net.Firewall;
using Net.Platform;

namespace Net.Engine.Firewall.Runtime.Flows;

/// <summary>Base chains of other programs a packet passes besides ours: whatever our rules say, they can still drop it.</summary>
internal sealed class ForeignChains
{
    private readonly BaseChainInfo[] _chains;

    /// <summary>Reads the chains.</summary>
    /// <param name="reader">The kernel.</param>
    public ForeignChains(IFirewallReader reader)
    {
        try
        {
            // A NAT chain sees the first packet of a connection only, but it can drop it like any other.
            _chains = [.. reader.GetBaseChains().Where(chain => chain.Table != Platform.FirewallTable.NetModule && chain.Table != TraceTable.Table)];
        }
        catch (Exception exception) when (KernelFailure.Is(exception))
        {
            _chains = [];
            Problem = $"whether other programs have chains on the same hooks is not known: {exception.Message}";
        }
    }

    /// <summary>Why the chains are not known, or null.</summary>
    public string? Problem { get; }

    /// <summary>The chains a packet passes, in the kernel's order.</summary>
    /// <param name="packet">The packet with direction and interfaces.</param>
    /// <param name="outputInterface">The interface it leaves by.</param>
    public string[] For(FlowPacket packet, string? outputInterface) => _chains.Length == 0 ? []
        : [.. _chains.Where(chain => IsPassed(chain, packet, outputInterface)).Select(Describe)];

    private static bool IsPassed(BaseChainInfo chain, FlowPacket packet, string? outputInterface)
    {
        bool isFamily = chain.Table.Family switch
        {
            FirewallFamily.Inet or FirewallFamily.Netdev => true,
            FirewallFamily.Ip => !packet.IsIPv6,
            FirewallFamily.Ip6 => packet.IsIPv6,
            _ => false,
        };
        bool isHook = chain.Hook switch
        {
            FirewallHook.Prerouting => packet.Direction != RuleDirection.Outbound,
            FirewallHook.Input => packet.Direction == RuleDirection.Inbound,
            FirewallHook.Forward => packet.Direction == RuleDirection.Forward,
            FirewallHook.Output => packet.Direction == RuleDirection.Outbound,
            FirewallHook.Postrouting => packet.Direction != RuleDirection.Inbound,
            FirewallHook.Ingress => packet.Direction != RuleDirection.Outbound && (chain.Device is null || chain.Device == packet.InputInterface),
            FirewallHook.Egress => packet.Direction != RuleDirection.Inbound && (chain.Device is null || chain.Device == outputInterface),
            _ => false,
        };
        return isFamily && isHook;
    }

    private static string Describe(BaseChainInfo chain) => string.Create(
        CultureInfo.InvariantCulture,
        $"{chain.Table} {chain.Name} ({chain.Hook.ToString().ToLowerInvariant()}, priority {chain.Priority}, {(chain.IsDropPolicy ? "drops what no rule of it accepts" : "accepts what no rule of it drops")})");
}
