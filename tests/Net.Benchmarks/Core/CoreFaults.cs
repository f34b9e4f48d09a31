using Net.Testing.Faults;

namespace Net.Benchmarks.Core;

/// <summary>What goes wrong around an engine under its supervisor.</summary>
internal static class CoreFaults
{
    private static readonly TimeSpan Repair = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(2);

    /// <summary>The faults, all of one engine.</summary>
    public static IReadOnlyList<IFault> Create()
    {
        var world = new FaultWorld();
        return
        [
            new CoreFault(world, "engine killed", Restart, world.KillAsync, world.IsServingAnewAsync),
            new CoreFault(world, "our table deleted", Repair, token => world.RunAsync("nft", "delete table inet netmod", token), world.HasTableAsync),
            new CoreFault(world, "our table emptied", Repair, token => world.RunAsync("nft", "flush table inet netmod", token), world.HasTableAsync),
            new CoreFault(world, "our route deleted", Repair, token => world.RunAsync("ip", "route del 198.18.0.0/15", token), world.HasRouteAsync),
            new CoreFault(world, "disk full for one change", Repair, world.FillForOneChangeAsync, world.TakesChangesAsync),
        ];
    }

    private sealed class CoreFault(
        FaultWorld world, string name, TimeSpan target, Func<CancellationToken, Task> inject, Func<CancellationToken, Task<bool>> isRecovered) : IFault, IAsyncDisposable
    {
        public string Area => Areas.Core;

        public string Name => name;

        public TimeSpan Target => target;

        public Task PrepareAsync(CancellationToken cancellationToken) => world.PrepareAsync(cancellationToken);

        public Task InjectAsync(CancellationToken cancellationToken) => inject(cancellationToken);

        public Task<bool> IsRecoveredAsync(CancellationToken cancellationToken) => isRecovered(cancellationToken);

        public ValueTask DisposeAsync() => world.DisposeAsync();
    }
}
