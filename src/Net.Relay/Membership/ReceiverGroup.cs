using System.Net;

namespace Net.Relay.Membership;

/// <summary>What is known of one group's receivers: filter mode, timers of group and sources, queries still to be sent; RFC 9776 section 6.2 to 6.6.3.1.
/// A source with a time is wanted until then; one without is excluded.</summary>
internal sealed class ReceiverGroup(IPAddress group, TimeSpan since)
{
    private readonly Dictionary<IPAddress, TimeSpan?> _sources = [];
    private readonly Dictionary<IPAddress, int> _sourceQueriesLeft = [];
    private int _groupQueriesLeft;

    /// <summary>The group.</summary>
    public IPAddress Group => group;

    /// <summary>Since when there are receivers.</summary>
    public TimeSpan Since => since;

    /// <summary>Who reported last.</summary>
    public IPAddress Reporter { get; set; } = IPAddress.None;

    /// <summary>EXCLUDE mode: every source but the excluded ones is wanted, until <see cref="GroupExpires"/>.</summary>
    public bool IsExclude { get; private set; }

    /// <summary>The group timer; meaningful in EXCLUDE mode only.</summary>
    public TimeSpan GroupExpires { get; private set; }

    /// <summary>Until when a host of version 1 is taken to be there (IGMPv1).</summary>
    public TimeSpan Version1Until { get; set; } = TimeSpan.MinValue;

    /// <summary>Until when a host of version 2 is taken to be there (IGMPv2; for MLDv1 as well, which is the version before the last).</summary>
    public TimeSpan Version2Until { get; set; } = TimeSpan.MinValue;

    /// <summary>When the next group-specific query is to be sent; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan NextQuery { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Whether anybody receives it.</summary>
    public bool HasReceivers => IsExclude || _sources.Count > 0;

    /// <summary>Number of sources kept.</summary>
    public int SourceCount => _sources.Count;

    /// <summary>When something of it is due: a timer that ends or a query.</summary>
    public TimeSpan NextDue
    {
        get
        {
            TimeSpan due = IsExclude ? Min(NextQuery, GroupExpires) : NextQuery;
            foreach (TimeSpan? expires in _sources.Values)
            {
                due = expires is TimeSpan at ? Min(due, at) : due;
            }

            return due;
        }
    }

    /// <summary>Whether packets of a source are wanted.</summary>
    /// <param name="source">The source.</param>
    /// <returns>True when at least one host wants them.</returns>
    public bool Wants(IPAddress source) => _sources.TryGetValue(source, out TimeSpan? expires) ? expires is not null : IsExclude;

    /// <summary>Whether a source is kept, wanted or excluded.</summary>
    /// <param name="source">The source.</param>
    /// <returns>True when so.</returns>
    public bool Knows(IPAddress source) => _sources.ContainsKey(source);

    /// <summary>Takes in what a host says; the tables of RFC 9776 sections 6.4.1 and 6.4.2. A stands for the sources known, B for those named, X and Y for those
    /// included and excluded in EXCLUDE mode.</summary>
    /// <param name="kind">What it says.</param>
    /// <param name="named">The sources it names.</param>
    /// <param name="timers">The querier's intervals.</param>
    /// <param name="isQuerier">Whether this host asks back.</param>
    /// <param name="now">Now.</param>
    public void Apply(GroupRecordKind kind, IReadOnlyList<IPAddress> named, in MembershipTimers timers, bool isQuerier, TimeSpan now)
    {
        TimeSpan full = now + timers.GroupMembership;
        switch (kind)
        {
            case GroupRecordKind.ModeIsInclude:
            case GroupRecordKind.AllowNewSources:
                Include(named, full);
                break;
            case GroupRecordKind.ModeIsExclude:
                Exclude(named, newSources: full, full);
                break;
            case GroupRecordKind.ChangeToInclude:
                IPAddress[] others = Included(except: named);
                Include(named, full);
                QuerySources(others, timers, isQuerier, now);
                if (IsExclude)
                {
                    QueryGroup(timers, isQuerier, now);
                }

                break;
            case GroupRecordKind.ChangeToExclude:
                // Sources that are new to us get the group timer, in INCLUDE mode zero.
                IPAddress[] asked = IsExclude ? [.. named.Where(source => !IsExcluded(source))] : [.. named.Where(_sources.ContainsKey)];
                Exclude(named, newSources: GroupExpires, full);
                QuerySources(asked, timers, isQuerier, now);
                break;
            case GroupRecordKind.BlockOldSources:
                Block(named, timers, isQuerier, now);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "no kind of group record");
        }
    }

    /// <summary>Takes in another router's group-specific query: who answers it is known soon; RFC 9776 section 6.6.1.</summary>
    /// <param name="sources">The sources it asks for; empty for the group.</param>
    /// <param name="timers">The querier's intervals.</param>
    /// <param name="now">Now.</param>
    public void LowerTimers(IReadOnlyList<IPAddress> sources, in MembershipTimers timers, TimeSpan now)
    {
        TimeSpan soon = now + timers.LastMemberQueryTime;
        if (sources.Count == 0)
        {
            GroupExpires = Min(GroupExpires, soon);
            return;
        }

        foreach (IPAddress source in sources)
        {
            LowerSource(source, soon);
        }
    }

    /// <summary>Lets time pass; RFC 9776 sections 6.5 and 6.3.</summary>
    /// <param name="now">Now.</param>
    public void Advance(TimeSpan now)
    {
        foreach ((IPAddress source, TimeSpan? expires) in _sources)
        {
            if (expires is TimeSpan at && at <= now)
            {
                _sourceQueriesLeft.Remove(source);
                if (IsExclude)
                {
                    _sources[source] = null;
                }
                else
                {
                    _sources.Remove(source);
                }
            }
        }

        if (IsExclude && GroupExpires <= now)
        {
            // Nobody wants everything any more; those who want single sources stay.
            IsExclude = false;
            _groupQueriesLeft = 0;
            foreach ((IPAddress source, TimeSpan? expires) in _sources)
            {
                if (expires is null)
                {
                    _sources.Remove(source);
                }
            }
        }
    }

    /// <summary>Gives the queries that are due; RFC 9776 sections 6.6.3.1 and 6.6.3.2.</summary>
    /// <param name="timers">The querier's intervals.</param>
    /// <param name="now">Now.</param>
    /// <param name="queries">Where they are added.</param>
    public void TakeQueries(in MembershipTimers timers, TimeSpan now, List<MembershipQuery> queries)
    {
        if (now < NextQuery)
        {
            return;
        }

        var query = new MembershipQuery
        {
            Group = group,
            MaxResponseTime = timers.LastMemberQueryInterval,
            Robustness = timers.Robustness,
            QueryInterval = timers.QueryInterval,
        };
        bool askedForGroup = _groupQueriesLeft > 0;
        if (askedForGroup)
        {
            _groupQueriesLeft--;
            queries.Add(query with { SuppressRouterProcessing = GroupExpires > now + timers.LastMemberQueryTime });
        }

        AddSourceQueries(query, now + timers.LastMemberQueryTime, askedForGroup, queries);
        NextQuery = _groupQueriesLeft > 0 || _sourceQueriesLeft.Count > 0 ? now + timers.LastMemberQueryInterval : TimeSpan.MaxValue;
    }

    /// <summary>Forgets queries still to be sent: another router asks now.</summary>
    public void CancelQueries()
    {
        _groupQueriesLeft = 0;
        _sourceQueriesLeft.Clear();
        NextQuery = TimeSpan.MaxValue;
    }

    /// <summary>A snapshot.</summary>
    /// <param name="hostVersion">The version of its oldest host.</param>
    /// <returns>What is known.</returns>
    public ReceiverInfo Describe(int hostVersion)
    {
        TimeSpan expires = IsExclude ? GroupExpires : TimeSpan.MinValue;
        foreach (TimeSpan? at in _sources.Values)
        {
            expires = at > expires ? at.Value : expires;
        }

        return new ReceiverInfo
        {
            Group = group,
            IsAnySource = IsExclude,
            Included = Included(except: []),
            Excluded = [.. _sources.Where(pair => pair.Value is null).Select(pair => pair.Key)],
            Since = since,
            Expires = expires,
            Reporter = Reporter,
            HostVersion = hostVersion,
        };
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private bool IsExcluded(IPAddress source) => _sources.TryGetValue(source, out TimeSpan? expires) && expires is null;

    private IPAddress[] Included(IReadOnlyList<IPAddress> except) =>
        [.. _sources.Where(pair => pair.Value is not null && !except.Contains(pair.Key)).Select(pair => pair.Key)];

    private void Include(IReadOnlyList<IPAddress> named, TimeSpan until)
    {
        foreach (IPAddress source in named)
        {
            _sources[source] = until;
            _sourceQueriesLeft.Remove(source);
        }
    }

    // INCLUDE (A): EXCLUDE (A*B, B-A). EXCLUDE (X, Y): EXCLUDE (B-Y, Y*B), B-X-Y gets a timer.
    private void Exclude(IReadOnlyList<IPAddress> named, TimeSpan newSources, TimeSpan groupUntil)
    {
        foreach (IPAddress source in _sources.Keys)
        {
            if (!named.Contains(source))
            {
                _sources.Remove(source);
                _sourceQueriesLeft.Remove(source);
            }
        }

        foreach (IPAddress source in named)
        {
            _sources.TryAdd(source, IsExclude ? newSources : null);
        }

        IsExclude = true;
        GroupExpires = groupUntil;
        _groupQueriesLeft = 0;
    }

    private void Block(IReadOnlyList<IPAddress> named, in MembershipTimers timers, bool isQuerier, TimeSpan now)
    {
        if (IsExclude)
        {
            foreach (IPAddress source in named)
            {
                _sources.TryAdd(source, GroupExpires);
            }
        }

        QuerySources([.. named.Where(source => _sources.TryGetValue(source, out TimeSpan? expires) && expires is not null)], timers, isQuerier, now);
    }

    private void QueryGroup(in MembershipTimers timers, bool isQuerier, TimeSpan now)
    {
        // Only the querier asks; others wait for its query to shorten their timers.
        if (isQuerier)
        {
            GroupExpires = Min(GroupExpires, now + timers.LastMemberQueryTime);
            _groupQueriesLeft = timers.LastMemberQueryCount;
            NextQuery = now;
        }
    }

    private void QuerySources(IPAddress[] sources, in MembershipTimers timers, bool isQuerier, TimeSpan now)
    {
        if (!isQuerier || sources.Length == 0)
        {
            return;
        }

        TimeSpan soon = now + timers.LastMemberQueryTime;
        foreach (IPAddress source in sources)
        {
            if (_sources.TryGetValue(source, out TimeSpan? expires) && expires > soon)
            {
                _sources[source] = soon;
                _sourceQueriesLeft[source] = timers.LastMemberQueryCount;
                NextQuery = now;
            }
        }
    }

    private void LowerSource(IPAddress source, TimeSpan until)
    {
        if (_sources.TryGetValue(source, out TimeSpan? expires) && expires > until)
        {
            _sources[source] = until;
        }
    }

    // Sources that answered meanwhile are asked for with the S flag, so that other routers keep their timers; those are left out when the group is asked for anyway.
    private void AddSourceQueries(MembershipQuery query, TimeSpan soon, bool askedForGroup, List<MembershipQuery> queries)
    {
        List<IPAddress>? answered = null;
        List<IPAddress>? silent = null;
        foreach ((IPAddress source, int left) in _sourceQueriesLeft)
        {
            if (_sources.GetValueOrDefault(source) is not TimeSpan expires)
            {
                _sourceQueriesLeft.Remove(source);
                continue;
            }

            (expires > soon ? answered ??= [] : silent ??= []).Add(source);
            if (left > 1)
            {
                _sourceQueriesLeft[source] = left - 1;
            }
            else
            {
                _sourceQueriesLeft.Remove(source);
            }
        }

        if (answered is not null && !askedForGroup)
        {
            queries.Add(query with { Sources = answered, SuppressRouterProcessing = true });
        }

        if (silent is not null)
        {
            queries.Add(query with { Sources = silent });
        }
    }
}
