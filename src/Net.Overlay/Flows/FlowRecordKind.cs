namespace Net.Overlay.Flows;

/// <summary>What a record tells.</summary>
public enum FlowRecordKind : byte
{
    /// <summary>A flow was allowed.</summary>
    Started,

    /// <summary>A flow is over.</summary>
    Ended,

    /// <summary>Packets were denied.</summary>
    Denied,
}
