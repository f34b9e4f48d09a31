using System.Runtime;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Net.Platform.Linux;

namespace Net.Service;

/// <summary>Gives memory back to the host after a burst. The collector keeps what a large transaction needed in case another follows;
/// an engine that then idles for days should not.</summary>
[SupportedOSPlatform("linux")]
internal sealed partial class MemoryTrimmer : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Less than this is not worth a full collection, which takes some ten milliseconds.
    private const long WorthwhileBytes = 1024 * 1024;

    // Probing and a watching client allocate some kilobytes a second; more means that the burst goes on.
    private const long QuietBytes = 512 * 1024;

    private readonly ILogger _logger;
    private readonly Timer _timer;
    private long _atLastTrim;
    private long _atLastTick;

    /// <summary>Begins to look once a second.</summary>
    public MemoryTrimmer(ILogger<MemoryTrimmer> logger)
    {
        _logger = logger;
        _timer = new Timer(_ => Look(), null, Interval, Interval);
    }

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        long allocated = GC.GetTotalAllocatedBytes(precise: false);
        bool isQuiet = allocated - _atLastTick < QuietBytes;
        _atLastTick = allocated;
        if (isQuiet && allocated - _atLastTrim > WorthwhileBytes)
        {
            // Large arrays are compacted only on request, and a region emptied by one collection is given back by the next.
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            NativeHeap.Trim();
            _atLastTrim = GC.GetTotalAllocatedBytes(precise: false);
            Log.Trimmed(_logger, GC.GetTotalMemory(forceFullCollection: false) / 1024, GC.GetGCMemoryInfo().TotalCommittedBytes / 1024, Environment.WorkingSet / 1024);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Gave memory back: {Live} KiB live, {Committed} KiB kept by the collector, {Resident} KiB resident.", EventName = "MemoryTrimmed")]
        public static partial void Trimmed(ILogger logger, long live, long committed, long resident);
    }
}
