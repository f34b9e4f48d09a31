using System.Diagnostics;
using System.Globalization;
using Net.Benchmarks.Core;
using Net.Benchmarks.Overlay;
using Net.Testing.Faults;

namespace Net.Benchmarks.Relay;

/// <summary>Hurts a relay for a time, over and over, and reads memory before and after what ends no process.</summary>
internal static class RelaySoak
{
    private const double AllowedGrowth = 10e6;
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    /// <summary>Runs it.</summary>
    /// <param name="length">How long about.</param>
    /// <param name="progress">Hears of every injection.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<IReadOnlyList<FaultResult>> RunAsync(TimeSpan length, Action<FaultResult> progress, CancellationToken cancellationToken)
    {
        await using var world = new RelayWorld();
        RelayFault[] ending =
        [
            new("worker killed", Quick, world, world.KillWorkerAsync),
            new("engine killed", Restart, world, world.KillEngineAsync),
        ];
        RelayFault[] lasting =
        [
            new("input down for 1 s", Restart, world, token => world.InterruptAsync(RelayLab.Input, token)),
            new("output down for 1 s", Restart, world, token => world.InterruptAsync(RelayLab.OutputInterface(0), token)),
            new("output renamed for 1 s", Restart, world, world.RenameAsync),
            new("output deleted and made anew", Restart, world, world.RecreateAsync),
        ];
        FaultTally tally = new([.. ending, .. lasting], progress);
        long start = Stopwatch.GetTimestamp();
        await tally.RunAsync(ending, cancellationToken);
        List<FaultResult> memory = [];
        if (tally.AnyRecovered)
        {
            await tally.RunAsync(lasting, cancellationToken);
            await Task.Delay(Settled, cancellationToken);
            IReadOnlyDictionary<string, double> before = await world.ReadMemoryAsync(cancellationToken);
            do
            {
                await tally.RunAsync(lasting, cancellationToken);
            }
            while (Stopwatch.GetElapsedTime(start) < length);

            await Task.Delay(Settled, cancellationToken);
            IReadOnlyDictionary<string, double> after = await world.ReadMemoryAsync(cancellationToken);
            memory.AddRange(before.Select(pair => Growth(pair.Key, pair.Value, after.GetValueOrDefault(pair.Key, double.NaN))));
            await tally.RunAsync(ending, cancellationToken);
        }

        return [.. tally.Results(), .. memory];
    }

    private static FaultResult Growth(string what, double before, double after)
    {
        bool isMet = after - before <= AllowedGrowth;
        return new FaultResult(
            Areas.Relay, string.Create(CultureInfo.InvariantCulture, $"{what} keeps its memory: {before / 1e6:0.0} to {after / 1e6:0.0} MB"), 1, isMet ? 1 : 0, null, null, 0, isMet,
            isMet ? [] : [string.Create(CultureInfo.InvariantCulture, $"it may grow by {AllowedGrowth / 1e6:0} MB")]);
    }
}
