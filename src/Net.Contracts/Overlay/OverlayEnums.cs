using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>What an overlay does.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<OverlayState>))]
public enum OverlayState
{
    /// <summary>It shall not run.</summary>
    Stopped,

    /// <summary>Its device and worker are being made.</summary>
    Starting,

    /// <summary>It moves packets.</summary>
    Running,

    /// <summary>It waits to be tried again, for the reason given.</summary>
    Failed,
}

/// <summary>Who connects to whom.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<OverlayTopology>))]
public enum OverlayTopology
{
    /// <summary>Everybody to everybody.</summary>
    FullMesh,

    /// <summary>Spokes to hubs only; hubs forward between spokes.</summary>
    HubAndSpoke,

    /// <summary>Only to peers that have endpoints of their own in the document, and whoever connects.</summary>
    Partial,
}

/// <summary>How the sending rate follows the path.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<CongestionControl>))]
public enum CongestionControl
{
    /// <summary>Cubic on a path of a round trip below 5 ms, BBR elsewhere.</summary>
    Automatic,

    /// <summary>By the bottleneck's rate and round trip; stands loss.</summary>
    Bbr,

    /// <summary>By loss (RFC 9438).</summary>
    Cubic,
}

/// <summary>What is known of the session with a peer.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<OverlayPeerState>))]
public enum OverlayPeerState
{
    /// <summary>No session, none wanted now.</summary>
    Idle,

    /// <summary>A handshake is on its way.</summary>
    Connecting,

    /// <summary>The key is proven, membership is being checked.</summary>
    Authenticating,

    /// <summary>Packets flow.</summary>
    Up,

    /// <summary>It waits for the next try.</summary>
    Backoff,

    /// <summary>One side refused the other.</summary>
    Refused,

    /// <summary>Switched off in the document.</summary>
    Disabled,
}

/// <summary>Where the trust in a peer comes from.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<OverlayTrust>))]
public enum OverlayTrust
{
    /// <summary>Its key is in the document.</summary>
    Key,

    /// <summary>It has a membership certificate.</summary>
    Certificate,

    /// <summary>It was kept at its first connection.</summary>
    FirstUse,
}

/// <summary>Whose a prefix is. Of equal prefixes the first in this order is used.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<OverlayRouteOwner>))]
public enum OverlayRouteOwner
{
    /// <summary>This node.</summary>
    Local,

    /// <summary>A peer's own address.</summary>
    Node,

    /// <summary>A network behind a peer.</summary>
    Gateway,

    /// <summary>Everything else, by an exit node.</summary>
    DefaultGateway,
}

/// <summary>What a rule does.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<OverlayAction>))]
public enum OverlayAction
{
    /// <summary>Lets connections through.</summary>
    Allow,

    /// <summary>Denies them.</summary>
    Deny,
}

/// <summary>What became of a node that asked to join.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<JoinState>))]
public enum JoinState
{
    /// <summary>It waits for a decision.</summary>
    Pending,

    /// <summary>It got a certificate.</summary>
    Approved,

    /// <summary>It was refused.</summary>
    Denied,
}
