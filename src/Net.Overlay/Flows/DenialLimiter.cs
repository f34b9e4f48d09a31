namespace Net.Overlay.Flows;

/// <summary>Turns denied packets into at most one record a second per rule and peer: a scan must not fill the log, nor hide in it. The first is reported at once,
/// the count of those held back with the next.</summary>
internal sealed class DenialLimiter(IFlowSink? sink)
{
    private const int Capacity = 256;
    private const int Probes = 4;
    private const long Interval = 1_000_000_000;

    private readonly Slot[] _slots = new Slot[Capacity];

    /// <summary>Denied packets no record will ever count, because more rules and peers denied at once than are kept apart.</summary>
    public long Uncounted { get; private set; }

    /// <summary>Counts denied packets, and reports them if it is time.</summary>
    /// <param name="denial">The packets.</param>
    public void Add(in FlowDenial denial)
    {
        if (sink is null)
        {
            return;
        }

        uint start = (((uint)denial.RuleIndex * 0x9e3779b1u) ^ ((uint)denial.FromPeer * 0x85ebca6bu)) >> 16;
        int free = -1;
        for (uint probe = 0; probe < Probes; probe++)
        {
            int index = (int)((start + probe) % Capacity);
            ref Slot slot = ref _slots[index];
            if (slot.IsUsed && slot.Last.RuleIndex == denial.RuleIndex && slot.Last.FromPeer == denial.FromPeer && slot.Last.PolicyGeneration == denial.PolicyGeneration)
            {
                slot.Pending += denial.Packets;
                slot.Last = denial;
                if (denial.Time - slot.Reported >= Interval)
                {
                    Report(ref slot, denial.Time);
                }

                return;
            }

            if (!slot.IsUsed || denial.Time - slot.Reported >= Interval)
            {
                free = free < 0 ? index : free;
            }
        }

        if (free < 0)
        {
            Uncounted += denial.Packets;
            return;
        }

        ref Slot taken = ref _slots[free];
        if (taken.Pending > 0)
        {
            Report(ref taken, denial.Time);
        }

        taken.IsUsed = true;
        taken.Last = denial;
        taken.Pending = denial.Packets;
        Report(ref taken, denial.Time);
    }

    /// <summary>Reports what was held back for a second or more.</summary>
    /// <param name="now">Nanoseconds of the monotonic clock; the largest number reports everything.</param>
    public void Flush(long now)
    {
        foreach (ref Slot slot in _slots.AsSpan())
        {
            if (slot.Pending > 0 && (now == long.MaxValue || now - slot.Reported >= Interval))
            {
                Report(ref slot, now == long.MaxValue ? slot.Last.Time : now);
            }
        }
    }

    private void Report(ref Slot slot, long now)
    {
        sink?.FlowDenied(slot.Last with { Packets = slot.Pending });
        slot.Pending = 0;
        slot.Reported = now;
    }

    private struct Slot
    {
        public bool IsUsed;
        public FlowDenial Last;
        public long Pending;
        public long Reported;
    }
}
