namespace Net.Overlay.Flows;

/// <summary>Why a flow is over.</summary>
public enum FlowEndReason : byte
{
    /// <summary>Nothing came for its time.</summary>
    Idle,

    /// <summary>TCP closed or was reset.</summary>
    Closed,

    /// <summary>The table was full and another flow needed the place.</summary>
    Evicted,

    /// <summary>A changed policy forbids it.</summary>
    Revoked,

    /// <summary>The same addresses and ports began a new one.</summary>
    Replaced,
}
