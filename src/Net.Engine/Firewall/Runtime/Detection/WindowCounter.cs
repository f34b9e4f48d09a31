using System.Runtime.CompilerServices;

namespace Net.Engine.Firewall.Runtime.Detection;

/// <summary>Counts over a sliding window, in eighths of it: what is older than a window is never counted, what is younger than seven eighths of it always is. Takes 48 bytes however much it counts.</summary>
internal struct WindowCounter
{
    /// <summary>Parts of a window.</summary>
    public const int Parts = 8;

    private Slots _slots;
    private long _newest;

    /// <summary>Counts one.</summary>
    /// <param name="part">The number of the part of a window that it is; never goes back.</param>
    /// <returns>How many the window holds with it.</returns>
    public int Add(long part)
    {
        Forget(part);
        int place = (int)(part % Parts);
        if (_slots[place] < int.MaxValue / Parts)
        {
            _slots[place]++;
        }

        int sum = 0;
        for (int index = 0; index < Parts; index++)
        {
            sum += _slots[index];
        }

        return sum;
    }

    private void Forget(long part)
    {
        long gone = Math.Min(Parts, part - _newest);
        for (long step = 1; step <= gone; step++)
        {
            _slots[(int)((_newest + step) % Parts)] = 0;
        }

        _newest = Math.Max(_newest, part);
    }

    [InlineArray(Parts)]
    private struct Slots
    {
        private int _first;
    }
}
