using Net.Benchmarks.Core;
using Net.Testing.Faults;

namespace Net.Benchmarks.Overlay;

/// <summary>Something that goes wrong around an overlay.</summary>
internal sealed record OverlayFault(
    string Name,
    TimeSpan Target,
    Func<CancellationToken, Task> Prepare,
    Func<CancellationToken, Task> Inject,
    Func<CancellationToken, Task<bool>> IsRecovered) : IFault
{
    /// <summary>Whether a process ends by it, and memory read before means nothing after.</summary>
    public bool EndsProcess { get; init; }

    public string Area => Areas.Overlay;

    public Task PrepareAsync(CancellationToken cancellationToken) => Prepare(cancellationToken);

    public Task InjectAsync(CancellationToken cancellationToken) => Inject(cancellationToken);

    public Task<bool> IsRecoveredAsync(CancellationToken cancellationToken) => IsRecovered(cancellationToken);
}
