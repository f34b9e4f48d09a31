using Net.Contracts;

namespace Net.Engine.Reconciling;

/// <summary>A part of the engine that makes one section of the document real.</summary>
internal interface ISection
{
    /// <summary>The section's name in the document.</summary>
    string Name { get; }

    /// <summary>What it does now.</summary>
    SubsystemStatus Status { get; }

    /// <summary>Finds what is wrong in its section.</summary>
    void Validate(NetConfiguration document, ICollection<ConfigurationProblem> problems);

    /// <summary>Describes the difference for people.</summary>
    void Describe(NetConfiguration from, NetConfiguration to, PlanBuilder plan);

    /// <summary>Makes its section of <paramref name="to"/> real, whole or not at all.</summary>
    /// <param name="from">What was applied before, or null when that is not known (at start).</param>
    /// <param name="to">What shall be.</param>
    /// <param name="cancellationToken">Gives up before anything is changed.</param>
    /// <exception cref="EngineException">It was refused; what was before is in force.</exception>
    Task ApplyAsync(NetConfiguration? from, NetConfiguration to, CancellationToken cancellationToken);

    /// <summary>Compares the real with the desired and repairs what differs.</summary>
    /// <returns>What was found and done, or null when nothing differed.</returns>
    Task<DriftReport?> RepairAsync(NetConfiguration desired, CancellationToken cancellationToken);

    /// <summary>Takes everything of its section out of the kernel.</summary>
    Task RemoveAsync(CancellationToken cancellationToken);
}
