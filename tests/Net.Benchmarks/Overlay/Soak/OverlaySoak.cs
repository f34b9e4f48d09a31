using System.Diagnostics;
using System.Globalization;
using Net.Benchmarks.Core;
using Net.Testing.Faults;

namespace Net.Benchmarks.Overlay;

/// <summary>Hurts an overlay for a time: first what ends processes, then over and over what does not, with memory read before and after, then what ends processes again.</summary>
internal static class OverlaySoak
{
    // A connection costs about 40 KiB and the allocator keeps what it had at its peak: a leak of 10,000 reconnects would be hundreds of megabytes.
    private const double AllowedGrowth = 10e6;

    private const int ReconnectsAtOnce = 100;
    private const int KeyUpdatesAtOnce = 100;
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortSleep = TimeSpan.FromSeconds(5);

    // Longer than a peer keeps a session that says nothing: three keep-alives of 20 s.
    private static readonly TimeSpan LongSleep = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    /// <summary>Runs it.</summary>
    /// <param name="length">How long about.</param>
    /// <param name="progress">Hears of every injection.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<IReadOnlyList<FaultResult>> RunAsync(TimeSpan length, Action<FaultResult> progress, CancellationToken cancellationToken)
    {
        await using var world = new OverlayWorld();
        await using var workers = new WorkerWorld();
        OverlayFault[] faults = Faults(world, workers);
        FaultTally tally = new(faults, progress);
        long start = Stopwatch.GetTimestamp();
        await tally.RunAsync(faults.Where(fault => fault.EndsProcess), cancellationToken);
        await tally.RunAsync(faults.Where(fault => !fault.EndsProcess), cancellationToken);
        List<FaultResult> memory = [];
        if (tally.AnyRecovered)
        {
            await Task.Delay(Settled, cancellationToken);
            IReadOnlyDictionary<string, double> before = await world.ReadMemoryAsync(cancellationToken);
            do
            {
                await tally.RunAsync(faults.Where(fault => !fault.EndsProcess), cancellationToken);
            }
            while (Stopwatch.GetElapsedTime(start) < length);

            await Task.Delay(Settled, cancellationToken);
            IReadOnlyDictionary<string, double> after = await world.ReadMemoryAsync(cancellationToken);
            memory.AddRange(before.Select(pair => Growth(pair.Key, pair.Value, after.GetValueOrDefault(pair.Key, double.NaN))));
            await tally.RunAsync(faults.Where(fault => fault.EndsProcess), cancellationToken);
        }

        return [.. tally.Results(), Sessions(world), .. memory, await PacketFuzz.RunAsync(cancellationToken)];
    }

    private static OverlayFault[] Faults(OverlayWorld world, WorkerWorld workers) =>
    [
        new("worker killed", Restart, world.PrepareAsync, world.KillWorkerAsync, world.HasNewWorkerAsync) { EndsProcess = true },
        new("engine killed", Restart, world.PrepareAsync, world.KillEngineAsync, world.HasNewEngineAsync) { EndsProcess = true },
        new("suspended for 90 s, which the peer gave up", Restart, world.PrepareAsync, token => world.SuspendAsync(LongSleep, token), world.IsCarryingAsync) { EndsProcess = true },
        new("TUN device deleted", Restart, world.PrepareAsync, world.DeleteDeviceAsync, world.IsCarryingAsync) { EndsProcess = true },
        new("address of an end changed", Restart, world.PrepareAsync, world.ChangeAddressAsync, world.IsCarryingAsync),
        new("suspended for 5 s", Restart, world.PrepareAsync, token => world.SuspendAsync(ShortSleep, token), world.IsCarryingAsync),
        new("link down for 1 s", Restart, world.PrepareAsync, world.InterruptLinkAsync, world.IsCarryingAsync),
        new("path MTU from 1500 to 1300", TimeSpan.FromSeconds(5), world.PrepareAsync, world.ShrinkPathAsync, world.PassesFullSizeAsync),
        new(Counted(ReconnectsAtOnce, "reconnects"), Restart, world.PrepareAsync, token => world.ReconnectAsync(ReconnectsAtOnce, token), world.IsCarryingAsync),
        new(Counted(KeyUpdatesAtOnce, "key updates under load"), Restart, workers.PrepareAsync, token => workers.UpdateKeysAsync(KeyUpdatesAtOnce, token), workers.IsSameSessionAsync),
    ];

    private static string Counted(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}");

    private static FaultResult Sessions(OverlayWorld world) => Check(
        string.Create(CultureInfo.InvariantCulture, $"every session of {world.Reconnects:#,0} reconnects came up"),
        world.LostSessions == 0,
        string.Create(CultureInfo.InvariantCulture, $"{world.LostSessions} did not"));

    private static FaultResult Growth(string what, double before, double after) => Check(
        string.Create(CultureInfo.InvariantCulture, $"{what} keeps its memory: {before / 1e6:0.0} to {after / 1e6:0.0} MB"),
        after - before <= AllowedGrowth,
        string.Create(CultureInfo.InvariantCulture, $"it may grow by {AllowedGrowth / 1e6:0} MB"));

    // A row that is met or not, without times.
    private static FaultResult Check(string what, bool isMet, string otherwise) => new(Areas.Overlay, what, 1, isMet ? 1 : 0, null, null, 0, isMet, isMet ? [] : [otherwise]);
}
