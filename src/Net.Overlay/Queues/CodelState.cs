namespace Net.Overlay.Queues;

/// <summary>The state CoDel keeps for one flow, and its decisions (RFC 8289, 5).</summary>
internal struct CodelState
{
    private long _firstAbove;
    private long _dropNext;
    private int _count;
    private int _lastCount;

    /// <summary>Whether it is in the phase that drops.</summary>
    public bool IsDropping { get; private set; }

    /// <summary>Decides about the packet at the head of the flow. To be called again for the next one as long as it says drop and the packet was not marked instead.</summary>
    /// <param name="waited">Nanoseconds the packet was in the queue.</param>
    /// <param name="isShort">Whether no more than one full packet is left, which cannot be a standing queue.</param>
    /// <param name="now">Nanoseconds of the monotonic clock.</param>
    /// <param name="options">Target and interval.</param>
    /// <returns>Whether the packet is to be dropped or marked.</returns>
    public bool ShouldDrop(long waited, bool isShort, long now, FlowQueueOptions options)
    {
        bool isAbove = IsAbove(waited, isShort, now, options);
        if (IsDropping)
        {
            if (!isAbove)
            {
                IsDropping = false;
                return false;
            }

            if (now < _dropNext)
            {
                return false;
            }

            _count++;
            _dropNext = ControlLaw(_dropNext, _count, options.Interval);
            return true;
        }

        if (!isAbove)
        {
            return false;
        }

        // RFC 8289, 5.4: when the last phase is not long over, its rate of dropping is a better start than one.
        IsDropping = true;
        int delta = _count - _lastCount;
        _count = delta > 1 && now - _dropNext < 16 * options.Interval ? delta : 1;
        _lastCount = _count;
        _dropNext = ControlLaw(now, _count, options.Interval);
        return true;
    }

    /// <summary>A flow without packets is not above its target, whatever the last one was.</summary>
    public void BecomeEmpty()
    {
        _firstAbove = 0;
        IsDropping = false;
    }

    private bool IsAbove(long waited, bool isShort, long now, FlowQueueOptions options)
    {
        if (waited < options.Target || isShort)
        {
            _firstAbove = 0;
            return false;
        }

        if (_firstAbove == 0)
        {
            _firstAbove = now + options.Interval;
            return false;
        }

        return now >= _firstAbove;
    }

    private static long ControlLaw(long time, int count, long interval) => time + (long)(interval / Math.Sqrt(count));
}
