namespace Net.Overlay.Routing;

/// <summary>Who answers for a prefix. The order is the rank among routes of one equal prefix: lower wins, whatever their preference and health say,
/// so that nobody draws a node's own address to himself by advertising it as a subnet.</summary>
public enum RouteOwner
{
    /// <summary>This node: its own addresses and what it serves itself.</summary>
    Local,

    /// <summary>A peer's own address.</summary>
    Node,

    /// <summary>A peer that forwards into a subnet behind it.</summary>
    Gateway,

    /// <summary>A peer that forwards everything no other route wants (exit node).</summary>
    DefaultGateway,
}
