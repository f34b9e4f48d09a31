using Net.Cli.Output;

namespace Net.Cli.Labs;

/// <summary>What the lab commands need of the lab library. Tests put a fake here.</summary>
internal interface ILabHost
{
    /// <summary>The topologies that are built in.</summary>
    TopologyView[] Topologies();

    /// <summary>Builds a lab that stays until it is taken down.</summary>
    /// <param name="topology">A built-in name, or a JSON file.</param>
    /// <param name="instance">The instance's name; null makes one up.</param>
    /// <param name="cancellationToken">Gives up; nothing is left behind.</param>
    Task<LabView> UpAsync(string topology, string? instance, CancellationToken cancellationToken);

    /// <summary>Takes a lab down.</summary>
    Task DownAsync(string instance, CancellationToken cancellationToken);

    /// <summary>The labs that are up or were left behind.</summary>
    Task<LabView[]> ListAsync(CancellationToken cancellationToken);

    /// <summary>Runs a program in a node on this process's own terminal.</summary>
    /// <returns>Its exit code.</returns>
    Task<int> ExecAsync(string instance, string node, string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken);
}
