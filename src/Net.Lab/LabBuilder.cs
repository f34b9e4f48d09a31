using System.Globalization;

namespace Net.Lab;

/// <summary>Builds a registered lab. Few processes: one for all namespaces, one for all links, then per node one for its settings,
/// one for its addresses and routes, and one for its translation.</summary>
internal sealed class LabBuilder(Lab lab, LabState state)
{
    private const int FirstInterfaceNumber = 10;

    public async Task BuildAsync(CancellationToken cancellationToken)
    {
        LabTopology topology = state.Topology;
        await IpAsync(state.Namespaces.Select(name => $"netns add {name}"), cancellationToken).ConfigureAwait(false);

        // Before the links: an interface copies the defaults when it is made.
        await Task.WhenAll(topology.Nodes.Select(node => SetSysctlsAsync(node, cancellationToken))).ConfigureAwait(false);

        // Each veth pair is born in its two namespaces, so no name ever stands in the host's.
        if (topology.Links.Count > 0)
        {
            await IpAsync(topology.Links.Select(VethLine), cancellationToken).ConfigureAwait(false);
        }

        await Task.WhenAll(topology.Nodes.Select(node => SetUpAsync(node, cancellationToken))).ConfigureAwait(false);
    }

    // Both ends get numbers that are unique in the lab. The kernel reports a carrier change at once only where an interface's number differs from its
    // peer's, and otherwise (both are often number 2 of their namespaces) up to a second later: as long would a bridge port and IPv6 stay unusable.
    private string VethLine(LabLink link, int index)
    {
        int number = FirstInterfaceNumber + (2 * index);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"link add name {link.A.Interface} index {number} netns {state.NamespaceOf(link.A.Node)} type veth peer name {link.B.Interface} index {number + 1} netns {state.NamespaceOf(link.B.Node)}");
    }

    private Task IpAsync(IEnumerable<string> lines, CancellationToken cancellationToken) =>
        CommandRunner.RunOrThrowAsync("ip", ["-batch", "-"], string.Join('\n', lines) + "\n", lab.CommandTimeout, cancellationToken);

    private async Task SetSysctlsAsync(LabNodeDefinition node, CancellationToken cancellationToken)
    {
        IEnumerable<string> settings = NodeScript.Sysctls(node).Select(pair => $"{pair.Key}={pair.Value}");
        LabCommandResult result = await lab.Node(node.Name)
            .ExecAsync("sysctl", ["-q", "-w", .. settings], timeout: lab.CommandTimeout, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded || result.Error.Length > 0)
        {
            throw new LabException($"A kernel setting of the node '{node.Name}' was refused: {result.Error.Trim()}");
        }
    }

    private async Task SetUpAsync(LabNodeDefinition node, CancellationToken cancellationToken)
    {
        LabNode target = lab.Node(node.Name);
        await target.IpBatchAsync(NodeScript.Setup(state.Topology, node), cancellationToken).ConfigureAwait(false);
        if (node.Nat is null)
        {
            return;
        }

        LabCommandResult result = await target.ExecAsync(
            "nft", ["-f", "-"], NatRuleset.Write(node, state.Topology), lab.CommandTimeout, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new LabException($"nftables refused the translation of the node '{node.Name}': {result.Error.Trim()}");
        }
    }
}
