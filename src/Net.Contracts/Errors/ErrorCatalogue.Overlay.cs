namespace Net.Contracts;

/// <content>Overlays.</content>
public static partial class ErrorCatalogue
{
    /// <summary>No overlay has that name.</summary>
    public static readonly ErrorDefinition OverlayNotFound = new("OverlayNotFound", ErrorCode.NotFound, "No overlay has that name.", "List them with Get-Overlay or 'netmod overlay list'.");

    /// <summary>An overlay of that name exists already.</summary>
    public static readonly ErrorDefinition OverlayExists = new("OverlayExists", ErrorCode.AlreadyExists, "An overlay of that name exists already.", "Choose another name, or change the existing overlay with Set-Overlay.");

    /// <summary>The parts of an overlay do not fit together.</summary>
    public static readonly ErrorDefinition OverlayInvalid = new("OverlayInvalid", ErrorCode.InvalidArgument, "The parts of an overlay do not fit together.", "Change the property the message names; Get-Help New-Overlay -Full says which fit together.");

    /// <summary>The overlay does not run.</summary>
    public static readonly ErrorDefinition OverlayNotRunning = new("OverlayNotRunning", ErrorCode.Unavailable, "The overlay does not run.", "Start it with Start-Overlay, and read its reason in Get-Overlay.");

    /// <summary>The overlay could not be set up; nothing was changed.</summary>
    public static readonly ErrorDefinition OverlayApplyFailed = new("OverlayApplyFailed", ErrorCode.Unavailable, "The overlay could not be set up; nothing was changed.", "Read the reason in the message; the engine needs CAP_NET_ADMIN, /dev/net/tun and the packages the message names.");

    /// <summary>No peer of the overlay has that name.</summary>
    public static readonly ErrorDefinition OverlayPeerNotFound = new("OverlayPeerNotFound", ErrorCode.NotFound, "No peer of the overlay has that name.", "List them with Get-OverlayPeer or 'netmod overlay peer list'.");

    /// <summary>A peer of that name or key exists already.</summary>
    public static readonly ErrorDefinition OverlayPeerExists = new("OverlayPeerExists", ErrorCode.AlreadyExists, "A peer of that name or key exists already.", "Choose another name, or change the existing peer with Set-OverlayPeer.");

    /// <summary>There is no session with the peer.</summary>
    public static readonly ErrorDefinition OverlayPeerNotConnected = new("OverlayPeerNotConnected", ErrorCode.Unavailable, "There is no session with the peer.", "Read the reason in Get-OverlayPeer.");

    /// <summary>The overlay has no such route in the document.</summary>
    public static readonly ErrorDefinition OverlayRouteNotFound = new("OverlayRouteNotFound", ErrorCode.NotFound, "The overlay has no such route in the document.", "List them with Get-OverlayRoute or 'netmod overlay route list'.");

    /// <summary>The overlay has that route already.</summary>
    public static readonly ErrorDefinition OverlayRouteExists = new("OverlayRouteExists", ErrorCode.AlreadyExists, "The overlay has that route already.", "Remove it first, or give another peer or preference.");

    /// <summary>No rule of the overlay has that name.</summary>
    public static readonly ErrorDefinition OverlayPolicyNotFound = new("OverlayPolicyNotFound", ErrorCode.NotFound, "No rule of the overlay has that name.", "List them with Get-OverlayPolicy or 'netmod overlay policy list'.");

    /// <summary>A rule of that name exists already.</summary>
    public static readonly ErrorDefinition OverlayPolicyExists = new("OverlayPolicyExists", ErrorCode.AlreadyExists, "A rule of that name exists already.", "Choose another name, or change the existing rule with Set-OverlayPolicy.");

    /// <summary>A test of the policy would not hold any more; nothing was changed.</summary>
    public static readonly ErrorDefinition OverlayPolicyTestFailed = new("OverlayPolicyTestFailed", ErrorCode.Conflict, "A test of the policy would not hold any more; nothing was changed.", "Change the rules, or the test the message names.");

    /// <summary>No identity has that name.</summary>
    public static readonly ErrorDefinition OverlayIdentityNotFound = new("OverlayIdentityNotFound", ErrorCode.NotFound, "No identity has that name.", "List them with Get-OverlayIdentity or 'netmod overlay identity list'.");

    /// <summary>An identity of that name exists already.</summary>
    public static readonly ErrorDefinition OverlayIdentityExists = new("OverlayIdentityExists", ErrorCode.AlreadyExists, "An identity of that name exists already.", "Choose another name.");

    /// <summary>An overlay uses the identity.</summary>
    public static readonly ErrorDefinition OverlayIdentityInUse = new("OverlayIdentityInUse", ErrorCode.Conflict, "An overlay uses the identity.", "Remove the overlay, or give it another identity, first.");

    /// <summary>This engine does not hold the signing key of that network.</summary>
    public static readonly ErrorDefinition OverlayNetworkNotFound = new("OverlayNetworkNotFound", ErrorCode.NotFound, "This engine does not hold the signing key of that network.", "List those it holds with Get-OverlayNetwork or 'netmod overlay network list'.");

    /// <summary>A network of that name exists already.</summary>
    public static readonly ErrorDefinition OverlayNetworkExists = new("OverlayNetworkExists", ErrorCode.AlreadyExists, "A network of that name exists already.", "Choose another name.");

    /// <summary>The membership certificate cannot be used.</summary>
    public static readonly ErrorDefinition OverlayCertificateInvalid = new("OverlayCertificateInvalid", ErrorCode.InvalidArgument, "The membership certificate cannot be used.", "Ask for a new one; the message says why this one cannot be used.");

    /// <summary>The network issued no certificate of that number here.</summary>
    public static readonly ErrorDefinition OverlayCertificateNotFound = new("OverlayCertificateNotFound", ErrorCode.NotFound, "The network issued no certificate of that number here.", "List them with Get-OverlayCertificate or 'netmod overlay certificate list'.");

    /// <summary>The invitation cannot be used.</summary>
    public static readonly ErrorDefinition OverlayInvitationInvalid = new("OverlayInvitationInvalid", ErrorCode.InvalidArgument, "The invitation cannot be used.", "Ask for a new invitation; the message says why this one cannot be used.");

    /// <summary>The network could not be joined.</summary>
    public static readonly ErrorDefinition OverlayJoinFailed = new("OverlayJoinFailed", ErrorCode.Unavailable, "The network could not be joined.", "Read the reason in the message.");

    /// <summary>Nobody asked to join under that id.</summary>
    public static readonly ErrorDefinition OverlayJoinRequestNotFound = new("OverlayJoinRequestNotFound", ErrorCode.NotFound, "Nobody asked to join under that id.", "List them with Get-OverlayJoinRequest or 'netmod overlay join-request list'.");

    /// <summary>No application stream has that id.</summary>
    public static readonly ErrorDefinition OverlayStreamNotFound = new("OverlayStreamNotFound", ErrorCode.NotFound, "No application stream has that id.", "Open one first; a stream ends with its session.");

    private static ErrorDefinition[] OverlayDefinitions =>
    [
        OverlayNotFound, OverlayExists, OverlayInvalid, OverlayNotRunning,
        OverlayApplyFailed, OverlayPeerNotFound, OverlayPeerExists, OverlayPeerNotConnected,
        OverlayRouteNotFound, OverlayRouteExists, OverlayPolicyNotFound, OverlayPolicyExists,
        OverlayPolicyTestFailed, OverlayIdentityNotFound, OverlayIdentityExists, OverlayIdentityInUse,
        OverlayNetworkNotFound, OverlayNetworkExists, OverlayCertificateInvalid, OverlayCertificateNotFound,
        OverlayInvitationInvalid, OverlayJoinFailed, OverlayJoinRequestNotFound, OverlayStreamNotFound,
    ];
}
