namespace Net.Workers.Overlay;

/// <summary>All a worker decides by. Texts of addresses and prefixes are as <c>IPAddress</c> writes them, prefixes with a slash and their length.</summary>
public sealed record OverlayModel
{
    /// <summary>Counts up with each model.</summary>
    public long Version { get; set; }

    /// <summary>This node's overlay addresses.</summary>
    public string[] Addresses { get; set; } = [];

    /// <summary>Groups this node is in.</summary>
    public string[] Groups { get; set; } = [];

    /// <summary>Whether nodes with unknown keys may connect, to be judged by the engine: a network key, trust on first use or joining needs it.</summary>
    public bool AcceptsUnknown { get; set; }

    /// <summary>Whether packets between peers are passed on (a hub or gateway).</summary>
    public bool Forwards { get; set; }

    /// <summary>The peers. An index, once used, means the same peer until the worker ends.</summary>
    public ModelPeer[] Peers { get; set; } = [];

    /// <summary>The routes.</summary>
    public ModelRoute[] Routes { get; set; } = [];

    /// <summary>The rules of the policy, in their order.</summary>
    public ModelRule[] Rules { get; set; } = [];

    /// <summary>Prefixes told to peers.</summary>
    public ModelPrefix[] Advertised { get; set; } = [];

    /// <summary>Where names are answered: one address of each family that is routed into the TUN device but is none of this host's; empty answers none.</summary>
    public string[] ResolverAddresses { get; set; } = [];

    /// <summary>The zone of the names, such as <c>office.internal</c>.</summary>
    public string Zone { get; set; } = string.Empty;

    /// <summary>Names in the zone.</summary>
    public ModelName[] Names { get; set; } = [];

    /// <summary>The number of the newest revocation list, and the list itself to hand on; null without one.</summary>
    public byte[]? Revocations { get; set; }

    /// <summary>The number of <see cref="Revocations"/>.</summary>
    public long RevocationSequence { get; set; }

    /// <summary>Former members and why they are none any more; each is told the reason as its session ends.</summary>
    public ModelDeparture[] Departed { get; set; } = [];

    /// <summary>Whether connections that were allowed are reported when they end.</summary>
    public bool ReportsConnections { get; set; } = true;
}

/// <summary>A peer of the model.</summary>
public sealed record ModelPeer
{
    /// <summary>Its index.</summary>
    public int Index { get; set; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its Ed25519 public key, 32 bytes.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>Whether a session is wanted; a session that is up is ended when it is not.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Whether this node dials; else it waits to be called.</summary>
    public bool Dials { get; set; } = true;

    /// <summary>Endpoints, <c>address:port</c>, in the order they are tried.</summary>
    public string[] Endpoints { get; set; } = [];

    /// <summary>Its overlay addresses.</summary>
    public string[] Addresses { get; set; } = [];

    /// <summary>Prefixes it may send from besides its addresses.</summary>
    public string[] Prefixes { get; set; } = [];

    /// <summary>Groups it is in.</summary>
    public string[] Groups { get; set; } = [];

    /// <summary>When its membership ends, and the session with it; null never.</summary>
    public DateTimeOffset? Expires { get; set; }

    /// <summary>The protocol's frame with a join request, whole, to send to it in place of taking part; null usually.</summary>
    public byte[]? Join { get; set; }
}

/// <summary>A former member.</summary>
/// <param name="Index">The index it had as a peer.</param>
/// <param name="Reason">Why it is no member any more, without a full stop.</param>
public sealed record ModelDeparture(int Index, string Reason);

/// <summary>A route of the model.</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="Owner"><c>local</c>, <c>node</c>, <c>gateway</c> or <c>defaultGateway</c>.</param>
/// <param name="PeerIndex">The peer; -1 for this node.</param>
/// <param name="Preference">Lower first.</param>
public sealed record ModelRoute(string Prefix, string Owner, int PeerIndex, int Preference);

/// <summary>A prefix told to peers.</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="Preference">Lower first.</param>
public sealed record ModelPrefix(string Prefix, int Preference);

/// <summary>A rule of the model. Words are peers' names, <c>self</c>, <c>group:NAME</c>, prefixes or <c>*</c>.</summary>
public sealed record ModelRule
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it lets connections through.</summary>
    public bool Allow { get; set; }

    /// <summary>Who opens the connection.</summary>
    public string[] From { get; set; } = ["*"];

    /// <summary>Who is reached.</summary>
    public string[] To { get; set; } = ["*"];

    /// <summary>The protocol's number; null for any.</summary>
    public int? Protocol { get; set; }

    /// <summary>Destination ports, <c>80</c> or <c>8000-8999</c>; empty for any.</summary>
    public string[] Ports { get; set; } = [];

    /// <summary>Days it holds; empty for all.</summary>
    public DayOfWeek[] Days { get; set; } = [];

    /// <summary>When on those days it begins to hold; null for midnight.</summary>
    public TimeOnly? StartTime { get; set; }

    /// <summary>When it ends to hold; null for midnight.</summary>
    public TimeOnly? EndTime { get; set; }

    /// <summary>The IANA zone of the times; null for UTC.</summary>
    public string? TimeZone { get; set; }
}

/// <summary>A name in the zone.</summary>
/// <param name="Name">The label, without the zone.</param>
/// <param name="Addresses">Its addresses.</param>
public sealed record ModelName(string Name, string[] Addresses);
