using Net.Platform.Linux;

namespace Net.Worker.Overlay;

/// <summary>
/// Notices a connection whose congestion window alone holds packets back: they wait here while nothing waits on the path, so its round trip stays the shortest one. That is what BBR
/// (ngtcp2 1.11) does after a time of little traffic on a path that loses packets: it takes the little for what the path carries and looks for more two to three seconds later. A
/// fresh connection finds the path's rate within some ten round trips.
/// </summary>
internal struct WindowLimit
{
    // BBR itself keeps the window small for 200 ms and a round trip, every five seconds, to see the shortest round trip.
    private const long LeastTime = 500_000_000;
    private const int LeastRoundTrips = 8;

    // BBR looks for more after 63 round trips at the latest: over shorter paths that is sooner than all of this.
    private const long LeastRoundTrip = 8_000_000;

    // A fresh connection doubles its window with each round trip.
    private const int RoundTripsOfStart = 20;

    // A path that drops instead of queueing looks the same, and a fresh connection is of no help there.
    private const long FirstPause = 10_000_000_000;
    private const long LongestPause = 160_000_000_000;

    private bool _hasEmptied;
    private long _since;
    private long _found;
    private long _pause;

    /// <summary>Nothing waits for the window.</summary>
    public void Emptied() => _hasEmptied = true;

    /// <summary>Whether a fresh connection would carry more. Called about ten times a second while packets wait.</summary>
    /// <param name="info">The connection's round trips.</param>
    /// <param name="age">How long the connection is there, in nanoseconds.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    public bool IsFound(in QuicConnectionInfo info, long age, long now)
    {
        bool hasWaited = !_hasEmptied;
        _hasEmptied = false;
        if (!hasWaited || info.MinRtt < LeastRoundTrip || age < RoundTripsOfStart * info.MinRtt || info.SmoothedRtt > info.MinRtt + Math.Max(info.MinRtt / 8, 2_000_000))
        {
            _since = 0;
            return false;
        }

        if (_since == 0)
        {
            _since = now;
        }

        if (now - _since < Math.Max(LeastTime, LeastRoundTrips * info.MinRtt) || now - _found < _pause)
        {
            return false;
        }

        _pause = now - _found < 2 * _pause ? Math.Min(2 * _pause, LongestPause) : FirstPause;
        _found = now;
        _since = 0;
        return true;
    }
}
