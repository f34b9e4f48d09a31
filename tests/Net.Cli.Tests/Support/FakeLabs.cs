using Net.Cli.Labs;
using Net.Cli.Output;

namespace Net.Cli.Tests.Support;

/// <summary>Labs that exist on paper.</summary>
internal sealed class FakeLabs : ILabHost
{
    public static LabView Lab { get; } = new()
    {
        Instance = "pair",
        Topology = "pair",
        CreatedAt = Samples.Time,
        Nodes = [new LabNodeView("left", "host", "nm-pair-left", ["eth0 10.1.0.1/24"])],
    };

    public List<string> Calls { get; } = [];

    public TopologyView[] Topologies() => [new("pair", "Two hosts on one link.", ["left", "right"])];

    public Task<LabView> UpAsync(string topology, string? instance, CancellationToken cancellationToken)
    {
        Calls.Add($"up {topology} {instance}");
        return Task.FromResult(Lab);
    }

    public Task DownAsync(string instance, CancellationToken cancellationToken)
    {
        Calls.Add($"down {instance}");
        return Task.CompletedTask;
    }

    public Task<LabView[]> ListAsync(CancellationToken cancellationToken) => Task.FromResult<LabView[]>([Lab]);

    public Task<int> ExecAsync(string instance, string node, string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        Calls.Add($"exec {instance} {node} {program} [{string.Join('|', arguments)}]");
        return Task.FromResult(7);
    }
}
