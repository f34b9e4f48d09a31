using System.Net;
using System.Net.Sockets;

namespace Net.Relay.Membership;

/// <summary>Decides who asks for receivers on one link in one family, and when this host asks; RFC 9776 section 6.6.2 and 8, RFC 3810 section 7.6.2 and 9. Plain logic: time and
/// heard queries go in, general queries come out. Times are spans since any one moment. For one thread.</summary>
public sealed class Querier
{
    private readonly QuerierOptions _options;
    private readonly bool _isEnabled;
    private readonly AddressFamily _family;
    private TimeSpan? _otherExpires;
    private TimeSpan? _nextQuery;
    private int _startupQueriesLeft;
    private int _robustness;
    private TimeSpan _queryInterval;
    private TimeSpan _queryResponseInterval;

    /// <summary>Starts: it asks at once if it may and has an address.</summary>
    /// <param name="family">IPv4 for IGMP, IPv6 for MLD.</param>
    /// <param name="options">Intervals and versions.</param>
    /// <param name="isEnabled">Whether this host may ask; otherwise it follows whoever does.</param>
    /// <param name="address">The address to ask from; null when there is none yet.</param>
    /// <param name="now">Now.</param>
    /// <exception cref="ArgumentException">The options cannot be used.</exception>
    public Querier(AddressFamily family, QuerierOptions options, bool isEnabled, IPAddress? address, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.FindProblem() is string problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        _family = family;
        _options = options;
        _isEnabled = isEnabled;
        TakeOwnIntervals();
        SetAddress(address, now);
    }

    /// <summary>Who asks.</summary>
    public QuerierRole Role => _otherExpires is not null ? QuerierRole.NonQuerier
        : !_isEnabled ? QuerierRole.Disabled
        : Address is null ? QuerierRole.NoAddress
        : QuerierRole.Querier;

    /// <summary>The address this host asks from; null when there is none.</summary>
    public IPAddress? Address { get; private set; }

    /// <summary>The router whose queries count: this host or another; null when nobody asks.</summary>
    public IPAddress? Elected { get; private set; }

    /// <summary>An older version of IGMP or MLD that another router was heard to ask in; 0 for none. All routers of a link must be set to the same (RFC 9776 section 7.3.1).</summary>
    public int OlderVersionHeard { get; private set; }

    /// <summary>When a general query was last sent or heard; null for never.</summary>
    public TimeSpan? LastGeneralQuery { get; private set; }

    /// <summary>When a general query was first sent or heard; null for never. Receivers are known once the time to answer has passed since.</summary>
    public TimeSpan? FirstGeneralQuery { get; private set; }

    /// <summary>How long hosts may take to answer general queries.</summary>
    public TimeSpan QueryResponseInterval => _queryResponseInterval;

    /// <summary>Intervals for receivers: those of the querier that counts.</summary>
    public MembershipTimers Timers => new(
        (_queryInterval * _robustness) + _queryResponseInterval,
        _options.LastMemberQueryInterval,
        _robustness,
        (_queryInterval * _robustness) + _queryResponseInterval,
        _robustness,
        _queryInterval,
        Version);

    /// <summary>When <see cref="TryTakeQuery"/> wants to be called next; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan NextDue
    {
        get
        {
            TimeSpan query = Role == QuerierRole.Querier ? _nextQuery ?? TimeSpan.MaxValue : TimeSpan.MaxValue;
            return _otherExpires is TimeSpan other && other < query ? other : query;
        }
    }

    private int Version => _family == AddressFamily.InterNetwork ? _options.IgmpVersion : _options.MldVersion;

    /// <summary>Tells of the address to ask from. With another one than before, the election is held again.</summary>
    /// <param name="address">The address; null for none.</param>
    /// <param name="now">Now.</param>
    public void SetAddress(IPAddress? address, TimeSpan now)
    {
        if (Equals(address, Address) && (address is not null || _nextQuery is not null))
        {
            return;
        }

        Address = address;
        if (_otherExpires is not null && Elected is IPAddress other && (address is null || Compare(address, other) > 0 || !_isEnabled))
        {
            return;
        }

        BecomeQuerier(now);
    }

    /// <summary>Begins anew after the link was down: hosts behind it were not asked, and the router that asked may be gone.</summary>
    /// <param name="now">Now.</param>
    public void Restart(TimeSpan now)
    {
        FirstGeneralQuery = null;
        LastGeneralQuery = null;
        BecomeQuerier(now);
    }

    /// <summary>Tells of a query that another router sent.</summary>
    /// <param name="source">That router's address.</param>
    /// <param name="version">The version it asks in.</param>
    /// <param name="query">The query.</param>
    /// <param name="now">Now.</param>
    public void HeardQuery(IPAddress source, int version, MembershipQuery query, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(query);
        bool hasAddress = !source.Equals(IPAddress.Any) && !source.Equals(IPAddress.IPv6Any);
        if (query.Group is null)
        {
            // A query without an address, as proxies and switches send them, has answers as well.
            FirstGeneralQuery ??= now;
            LastGeneralQuery = now;
        }

        // It takes no part in the election, however (RFC 9776 section 4.1.11); nor does what we sent ourselves and a bridge brought back.
        if (!hasAddress || source.Equals(Address))
        {
            return;
        }

        if (version < Version)
        {
            OlderVersionHeard = OlderVersionHeard == 0 ? version : Math.Min(OlderVersionHeard, version);
        }

        bool isLower = Elected is null || Elected.Equals(source) || Compare(source, Elected) < 0;
        bool beatsUs = !_isEnabled || Address is null || Compare(source, Address) < 0;
        if (!beatsUs || (_otherExpires is not null && !isLower))
        {
            return;
        }

        Elected = source;
        _nextQuery = null;
        _startupQueriesLeft = 0;
        Adopt(version, query);
        _otherExpires = now + (_queryInterval * _robustness) + (_queryResponseInterval / 2);
    }

    /// <summary>Lets time pass: takes over from a router that fell silent, and gives the general query that is due.</summary>
    /// <param name="now">Now.</param>
    /// <param name="query">The query to send.</param>
    /// <returns>False when none is due.</returns>
    public bool TryTakeQuery(TimeSpan now, out MembershipQuery? query)
    {
        query = null;
        if (_otherExpires is TimeSpan expires && now >= expires)
        {
            BecomeQuerier(now);
        }

        if (Role != QuerierRole.Querier || _nextQuery is not TimeSpan due || now < due)
        {
            return false;
        }

        if (_startupQueriesLeft > 0)
        {
            _startupQueriesLeft--;
        }

        // 8.6: the first ones follow each other in a quarter of the interval.
        _nextQuery = now + (_startupQueriesLeft > 0 ? _options.QueryInterval / 4 : _options.QueryInterval);
        FirstGeneralQuery ??= now;
        LastGeneralQuery = now;
        query = new MembershipQuery { MaxResponseTime = _options.QueryResponseInterval, Robustness = _robustness, QueryInterval = _queryInterval };
        return true;
    }

    /// <summary>Compares addresses of one family as numbers: the lower one wins the election.</summary>
    private static int Compare(IPAddress a, IPAddress b)
    {
        Span<byte> left = stackalloc byte[16];
        Span<byte> right = stackalloc byte[16];
        a.TryWriteBytes(left, out int leftBytes);
        b.TryWriteBytes(right, out int rightBytes);
        return left[..leftBytes].SequenceCompareTo(right[..rightBytes]);
    }

    private void BecomeQuerier(TimeSpan now)
    {
        _otherExpires = null;
        Elected = _isEnabled ? Address : null;
        TakeOwnIntervals();
        _nextQuery = _isEnabled && Address is not null ? now : null;
        _startupQueriesLeft = _options.Robustness;
    }

    private void TakeOwnIntervals()
    {
        _robustness = _options.Robustness;
        _queryInterval = _options.QueryInterval;
        _queryResponseInterval = _options.QueryResponseInterval;
    }

    // 8.1 and 8.2: routers that do not ask use the values of the one that does; those it cannot or does not say stay our own.
    private void Adopt(int version, MembershipQuery query)
    {
        if (version == (_family == AddressFamily.InterNetwork ? 3 : 2))
        {
            _robustness = query.Robustness > 0 ? Math.Max(query.Robustness, 1) : _options.Robustness;
            _queryInterval = query.QueryInterval > TimeSpan.Zero ? query.QueryInterval : _options.QueryInterval;
        }

        if (query.Group is null && query.MaxResponseTime > TimeSpan.Zero)
        {
            _queryResponseInterval = query.MaxResponseTime;
        }
    }
}
