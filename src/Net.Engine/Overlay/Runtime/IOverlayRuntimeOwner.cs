using Net.Contracts;

namespace Net.Engine.Overlay.Runtime;

/// <summary>What a running overlay tells the part of the engine that keeps all of them.</summary>
internal interface IOverlayRuntimeOwner
{
    /// <summary>A peer came, changed or went.</summary>
    void PeerChanged(PathChangeKind kind, OverlayPeer peer);

    /// <summary>A stream for messages was opened by a peer.</summary>
    void MessageStream(OverlayRuntime runtime, Streams.ApplicationStream stream);

    /// <summary>The node this one asked to join through has answered.</summary>
    void JoinAnswered(OverlayRuntime runtime, byte[] frame);

    /// <summary>A node asks to join.</summary>
    /// <returns>The frame of the answer, and whether the session ends after it.</returns>
    (byte[] Frame, bool IsLast) JoinRequested(OverlayRuntime runtime, byte[] publicKey, byte[] frame, string remoteEndpoint);

    /// <summary>The frame of the join request an overlay sends, and the key of the node it goes to; null when it does not join.</summary>
    (byte[] IssuerKey, byte[] Frame)? JoinOf(string overlay);

    /// <summary>Whether nodes may come with an invitation to an overlay.</summary>
    bool HasInvitations(string overlay);
}
