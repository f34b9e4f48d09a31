namespace Net.Platform;

/// <summary>A change of a neighbour.</summary>
/// <param name="Old">How it was; null when it is new.</param>
/// <param name="Current">How it is; null when it is gone.</param>
public sealed record NeighborChange(NeighborInfo? Old, NeighborInfo? Current) : NetworkChange
{
    /// <inheritdoc />
    public override NetworkChangeKind Kind => KindOf(Old, Current);
}
