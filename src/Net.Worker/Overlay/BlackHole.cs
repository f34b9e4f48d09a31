namespace Net.Worker.Overlay;

/// <summary>
/// Notices that a path swallows large packets while small ones pass, as behind a router whose link is narrower and that tells nobody (RFC 8899 section 4.3). Discovery of the path MTU
/// only finds larger sizes, so without this a path that has become narrower would carry acknowledgements and nothing else.
/// </summary>
internal struct BlackHole
{
    /// <summary>Payload in bytes of a DATAGRAM frame that fits into the smallest packet a path of QUIC must carry: 1,200 bytes (RFC 9000 section 14) less header, packet number, frame and tag.</summary>
    public const int BaseBytes = 1_168;

    // Long enough for a TCP connection that hears nothing to send several packets again.
    private const long Window = 2_000_000_000;
    private const int FewestLost = 4;

    // Of ten large packets so many must be lost: some of those sent last are not judged yet.
    private const int LostOfTen = 8;

    private long _start;
    private int _sent;
    private int _lost;
    private bool _isSuspected;

    /// <summary>Counts a packet that was sent.</summary>
    /// <param name="bytes">Its length.</param>
    public void Sent(int bytes) => _sent += bytes > BaseBytes ? 1 : 0;

    /// <summary>Counts a packet that got lost.</summary>
    /// <param name="bytes">Its length.</param>
    public void Lost(int bytes) => _lost += bytes > BaseBytes ? 1 : 0;

    /// <summary>Ends a window that is over, and tells whether two with large packets show a black hole. What an outage swallowed is declared lost when it is over, all at once: in the window
    /// after it large packets pass again.</summary>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    public bool IsFound(long now)
    {
        if (now - _start < Window)
        {
            return false;
        }

        bool isFound = false;
        if (_sent + _lost > 0)
        {
            bool isLossy = _lost >= (_isSuspected ? 1 : FewestLost) && 10L * _lost >= LostOfTen * (long)_sent;
            isFound = isLossy && _isSuspected;
            _isSuspected = isLossy && !isFound;
        }

        _start = now;
        _sent = 0;
        _lost = 0;
        return isFound;
    }
}
