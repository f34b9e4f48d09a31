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
