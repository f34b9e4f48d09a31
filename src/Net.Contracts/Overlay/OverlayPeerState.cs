using System.Text.Json.Serialization;
using Net.Contracts.Json;

namespace Net.Contracts;

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
