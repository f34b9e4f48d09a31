namespace Net.Steering;

/// <summary>
/// Turns readings of a byte counter into a rate over a sliding window. A counter that starts over, as after a driver reload, or that wraps
/// is seen and never shows as a burst. Times are monotonic, from any fixed start. Not thread-safe.
/// </summary>
public sealed class ThroughputMeter
{
    private readonly Queue<(TimeSpan At, ulong Total)> _samples = new();
    private readonly TimeSpan _window;
    private readonly bool _is32Bit;
    private ulong _counter;
    private (TimeSpan At, ulong Total)? _latest;

    /// <summary>A meter that has not seen its counter yet.</summary>
    /// <param name="window">Time the rate is taken over; 5 s when null.</param>
    /// <param name="is32Bit">Whether the counter wraps after 4 GiB, as those of some drivers do.</param>
    public ThroughputMeter(TimeSpan? window = null, bool is32Bit = false)
    {
        _window = window ?? TimeSpan.FromSeconds(5);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_window, TimeSpan.Zero, nameof(window));
        _is32Bit = is32Bit;
    }

    /// <summary>Bytes counted since the first reading, over resets and wraps; what was counted between the last reading and a reset is not known.</summary>
    public ulong TotalBytes => _latest?.Total ?? 0;

    /// <summary>Rate over the window, or null as long as there is only one reading since the start or a reset.</summary>
    public double? BytesPerSecond
    {
        get
        {
            if (_latest is not { } latest || !_samples.TryPeek(out (TimeSpan At, ulong Total) first) || first.At == latest.At)
            {
                return null;
            }

            return (latest.Total - first.Total) / (latest.At - first.At).TotalSeconds;
        }
    }

    /// <summary>The rate in bits per second, or null like <see cref="BytesPerSecond"/>.</summary>
    public double? BitsPerSecond => BytesPerSecond * 8;

    /// <summary>Takes a reading. One that is not later than the last is ignored.</summary>
    public void Update(TimeSpan now, ulong counter)
    {
        if (_latest is not { } latest)
        {
            Start(now, counter, total: 0);
            return;
        }

        if (now <= latest.At)
        {
            return;
        }

        ulong added = counter - _counter;
        if (counter < _counter)
        {
            // A wrap is a small step in 32-bit arithmetic; anything else that goes down is a counter that started over.
            added = unchecked((uint)counter - (uint)_counter);
            if (!_is32Bit || added > int.MaxValue)
            {
                // Bytes since the reset are real and belong to the total, but the time they took is not known.
                Start(now, counter, latest.Total + counter);
                return;
            }
        }

        _counter = counter;
        _latest = (now, latest.Total + added);
        _samples.Enqueue(_latest.Value);

        // The sample at or before the start of the window stays: the rate must cover the whole window.
        while (_samples.Count > 2 && _samples.ElementAt(1).At <= now - _window)
        {
            _samples.Dequeue();
        }
    }

    private void Start(TimeSpan now, ulong counter, ulong total)
    {
        _samples.Clear();
        _counter = counter;
        _latest = (now, total);
        _samples.Enqueue(_latest.Value);
    }
}
