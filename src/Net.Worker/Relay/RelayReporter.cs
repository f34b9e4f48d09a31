using Microsoft.Win32.SafeHandles;
using Net.Relay;
using Net.Workers.Relay;

namespace Net.Worker.Relay;

/// <summary>Makes the reports. One that says nothing new costs next to nothing, as a worker reports four times a second whether packets come or not.</summary>
internal sealed class RelayReporter : IDisposable
{
    private const long MemoryInterval = 5_000_000_000;
    private const long FingerprintInterval = 60_000_000_000;

    private readonly SafeFileHandle? _statm;
    private readonly byte[] _text = new byte[128];
    private readonly List<RelayCounters> _counters = [];
    private readonly List<RelayInputCounters> _inputs = [];
    private readonly long _started;
    private long _nextMemory;
    private long _nextFingerprint;
    private long _residentBytes;

    /// <summary>Begins.</summary>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    public RelayReporter(long now)
    {
        _started = now;
        _nextMemory = now;
        _nextFingerprint = now + FingerprintInterval;
        try
        {
            _statm = File.OpenHandle("/proc/self/statm");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Without /proc the report does without.
        }
    }

    /// <summary>Keeps counters of flows that end for the next report.</summary>
    /// <param name="engine">What counted.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    public void Collect(RelayEngine engine, long now)
    {
        foreach (FlowRuntime flow in engine.Touched)
        {
            flow.State.AddCounters(_counters, now, changedOnly: true);
        }

        engine.ForgetTouched();
    }

    /// <summary>Makes a report.</summary>
    /// <param name="engine">What counted.</param>
    /// <param name="ports">What packets came by.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    /// <param name="isLast">Whether it is the last one.</param>
    /// <returns>The report.</returns>
    public RelayReport Make(RelayEngine engine, RelayPorts ports, long now, bool isLast)
    {
        Collect(engine, now);
        foreach (RingPort ring in ports.Rings)
        {
            ring.ReadOverruns();
            AddInput(ring.Counters.TakeChange());
        }

        foreach (UdpPort receiver in ports.Receivers)
        {
            receiver.ReadOverruns();
            AddInput(receiver.Counters.TakeChange());
        }

        if (now >= _nextFingerprint)
        {
            _nextFingerprint = now + FingerprintInterval;
            engine.Flows.RefreshFingerprint();
        }

        if (now >= _nextMemory)
        {
            _nextMemory = now + MemoryInterval;
            _residentBytes = ReadResidentBytes();
        }

        var report = new RelayReport
        {
            Fingerprint = engine.Flows.Fingerprint,
            Flows = engine.Flows.ByNumber.Length,
            Counters = _counters.Count == 0 ? [] : [.. _counters],
            Inputs = _inputs.Count == 0 ? [] : [.. _inputs],
            UptimeNanoseconds = now - _started,
            ResidentBytes = _residentBytes,
            IsLast = isLast,
        };
        _counters.Clear();
        _inputs.Clear();
        return report;
    }

    /// <inheritdoc />
    public void Dispose() => _statm?.Dispose();

    private void AddInput(RelayInputCounters? counters)
    {
        if (counters is not null)
        {
            _inputs.Add(counters);
        }
    }

    // The second number of /proc/self/statm is resident pages (proc(5)).
    private long ReadResidentBytes()
    {
        if (_statm is null)
        {
            return 0;
        }

        ReadOnlySpan<byte> text = _text.AsSpan(0, RandomAccess.Read(_statm, _text, 0));
        int space = text.IndexOf((byte)' ');
        return space > 0 && System.Buffers.Text.Utf8Parser.TryParse(text[(space + 1)..], out long pages, out _) ? pages * Environment.SystemPageSize : 0;
    }
}
