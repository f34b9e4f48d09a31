using System.Net;
using System.Net.Sockets;

namespace Net.Relay.Membership;

/// <summary>The router's side of IGMP or MLD on one link: who asks, and who receives what. Plain logic: packets and time go in, packets to send and changes come out. For one thread.</summary>
public sealed class MembershipRouter
{
    private readonly AddressFamily _family;
    private readonly int _version;
    private readonly Querier _querier;
    private readonly ReceiverTable _table;
    private readonly List<MembershipQuery> _queries = [];

    /// <summary>Starts; the first query is due at once.</summary>
    /// <param name="family">IPv4 for IGMP, IPv6 for MLD.</param>
    /// <param name="options">Intervals and versions.</param>
    /// <param name="isEnabled">Whether this host may ask.</param>
    /// <param name="address">The address to ask from; null when there is none yet.</param>
    /// <param name="now">Now, a span since any one moment.</param>
    /// <exception cref="ArgumentException">The options cannot be used.</exception>
    public MembershipRouter(AddressFamily family, QuerierOptions options, bool isEnabled, IPAddress? address, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(options);
        _family = family;
        _version = family == AddressFamily.InterNetwork ? options.IgmpVersion : options.MldVersion;
        _querier = new Querier(family, options, isEnabled, address, now);
        _table = new ReceiverTable(family);
    }

    /// <summary>Who asks, and how often.</summary>
    public Querier Querier => _querier;

    /// <summary>Who receives what.</summary>
    public ReceiverTable Table => _table;

    /// <summary>Packets that were read but meant nothing here: not of this family, or malformed.</summary>
    public long Ignored { get; private set; }

    /// <summary>When <see cref="Advance"/> wants to be called next; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan NextDue => _querier.NextDue < _table.NextDue ? _querier.NextDue : _table.NextDue;

    /// <summary>Whether all receivers are known: somebody asked, and the time to answer, twice over for what is lost on the way, has passed.</summary>
    /// <param name="now">Now.</param>
    /// <returns>False while nothing can be said about groups that are not in the table.</returns>
    public bool IsSettled(TimeSpan now) => SettlesAt is TimeSpan at && now >= at;

    /// <summary>When all receivers are known; null while nobody has asked.</summary>
    public TimeSpan? SettlesAt => _querier.FirstGeneralQuery + (_querier.QueryResponseInterval * 2);

    /// <summary>Whether somebody still asks: without queries receivers fall silent, and their absence says nothing.</summary>
    /// <param name="now">Now.</param>
    /// <returns>False when no general query was sent or heard for as long as receivers are remembered.</returns>
    public bool IsAsked(TimeSpan now) => _querier.LastGeneralQuery is TimeSpan last && now - last < _querier.Timers.GroupMembership;

    /// <summary>Takes in a packet.</summary>
    /// <param name="packet">The packet from its IP header on.</param>
    /// <param name="now">Now.</param>
    /// <returns>False when it means nothing here.</returns>
    public bool Receive(ReadOnlySpan<byte> packet, TimeSpan now)
    {
        if (!MembershipPacket.TryRead(packet, out MembershipPacket? read) || read.Source.AddressFamily != _family)
        {
            Ignored++;
            return false;
        }

        if (read.Message.Query is not MembershipQuery query)
        {
            _table.Apply(read.Message, read.Source, _querier.Timers, _querier.Role == QuerierRole.Querier, now);
            return true;
        }

        // Our own words, brought back by a bridge, are not another router's.
        if (!read.Source.Equals(_querier.Address))
        {
            _querier.HeardQuery(read.Source, read.Message.Version, query, now);

            // What counts is how long that router gives its hosts, whatever we would; RFC 2236 section 3, RFC 9776 section 6.6.1.
            MembershipTimers timers = _querier.Timers;
            _table.HeardQuery(query, query.MaxResponseTime > TimeSpan.Zero ? timers with { LastMemberQueryInterval = query.MaxResponseTime } : timers, now);
        }

        return true;
    }

    /// <summary>Lets time pass while the link is down: receivers are forgotten in their time, and nothing is asked.</summary>
    /// <param name="now">Now.</param>
    public void Age(TimeSpan now)
    {
        _queries.Clear();
        _table.Advance(_querier.Timers, isQuerier: false, now, _queries);
    }

    /// <summary>Lets time pass.</summary>
    /// <param name="now">Now.</param>
    /// <param name="send">Takes each packet to send, and the multicast address it goes to.</param>
    public void Advance(TimeSpan now, Action<byte[], IPAddress> send)
    {
        ArgumentNullException.ThrowIfNull(send);
        _queries.Clear();
        if (_querier.TryTakeQuery(now, out MembershipQuery? general))
        {
            _queries.Add(general!);
        }

        _table.Advance(_querier.Timers, _querier.Role == QuerierRole.Querier, now, _queries);
        foreach (MembershipQuery query in _queries)
        {
            // Sources cannot be asked for in older versions: their timers run out by themselves.
            if (_querier.Address is IPAddress address && (query.Sources.Count == 0 || _version == (_family == AddressFamily.InterNetwork ? 3 : 2)))
            {
                (byte[] packet, IPAddress destination) = MembershipPacket.Write(MembershipMessage.Ask(_version, query), address);
                send(packet, destination);
            }
        }
    }
}
