namespace Net.Platform;

/// <summary>A change of a route.</summary>
/// <param name="Old">How it was; null when it is new.</param>
/// <param name="Current">How it is; null when it is gone.</param>
public sealed record RouteChange(RouteInfo? Old, RouteInfo? Current) : NetworkChange
{
    /// <inheritdoc />
    public override NetworkChangeKind Kind => KindOf(Old, Current);
}
