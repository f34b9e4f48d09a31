using Net.Benchmarks.Core;
using Net.Testing.Faults;

namespace Net.Benchmarks.Relay;

/// <summary>Something that goes wrong around a relay.</summary>
internal sealed record RelayFault(string Name, TimeSpan Target, RelayWorld World, Func<CancellationToken, Task> Inject) : IFault
{
    public string Area => Areas.Relay;

    public Task PrepareAsync(CancellationToken cancellationToken) => World.PrepareAsync(cancellationToken);

    public Task InjectAsync(CancellationToken cancellationToken) => Inject(cancellationToken);

    public Task<bool> IsRecoveredAsync(CancellationToken cancellationToken) => World.IsRelayingAsync(cancellationToken);
}
