using Net.Cli.Hosting;
using Net.Cli.Output;
using Net.Lab;

namespace Net.Cli.Labs;

/// <summary>Labs of this host.</summary>
internal sealed class LabHost : ILabHost
{
    /// <inheritdoc />
    public TopologyView[] Topologies() => [.. LabTopologies.BuiltIn
        .OrderBy(entry => entry.Key, StringComparer.Ordinal)
        .Select(entry => entry.Value())
        .Select(topology => new TopologyView(topology.Name, topology.Description, [.. topology.Nodes.Select(node => node.Name)]))];

    /// <inheritdoc />
    public Task<LabView> UpAsync(string topology, string? instance, CancellationToken cancellationToken) => TranslateAsync(async () =>
    {
        LabTopology found = await LabTopology.FindAsync(topology, cancellationToken);
        await using Net.Lab.Lab lab = await Net.Lab.Lab.UpAsync(found, new LabOptions { Instance = instance ?? found.Name, Keep = true }, cancellationToken);
        return (await ListAsync(cancellationToken)).Single(view => view.Instance == lab.Instance);
    });

    /// <inheritdoc />
    public Task DownAsync(string instance, CancellationToken cancellationToken) => TranslateAsync(async () =>
    {
        await Net.Lab.Lab.DownAsync(instance, cancellationToken);
        return true;
    });

    /// <inheritdoc />
    public Task<LabView[]> ListAsync(CancellationToken cancellationToken) => TranslateAsync(async () =>
        (await Net.Lab.Lab.ListAsync(cancellationToken)).Select(Describe).ToArray());

    /// <inheritdoc />
    public Task<int> ExecAsync(string instance, string node, string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        TranslateAsync(async () =>
        {
            await using Net.Lab.Lab lab = await Net.Lab.Lab.OpenAsync(instance, cancellationToken);
            return await lab.Node(node).RunInteractiveAsync(program, arguments, cancellationToken: cancellationToken);
        });

    private static LabView Describe(LabInfo info) => new()
    {
        Instance = info.Instance,
        Topology = info.Topology.Name,
        Abandoned = info.Abandoned,
        CreatedAt = info.CreatedAt,
        Nodes = [.. info.Topology.Nodes.Select(node => new LabNodeView(
            node.Name,
            Text.Name(node.Kind),
            info.Namespaces[node.Name],
            [.. Ends(info.Topology, node.Name).SelectMany(end => end.Addresses.Select(address => $"{end.Interface} {address}"))]))],
    };

    private static IEnumerable<LabLinkEnd> Ends(LabTopology topology, string node) =>
        topology.Links.SelectMany(link => new[] { link.A, link.B }).Where(end => end.Node == node);

    private static async Task<T> TranslateAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (LabException failure)
        {
            throw new CliException(ExitCodes.Failed, "LabFailed", failure.Message, inner: failure);
        }
        catch (PlatformNotSupportedException failure)
        {
            throw new CliException(ExitCodes.Failed, "PlatformLacksSupport", failure.Message, inner: failure);
        }
    }
}
