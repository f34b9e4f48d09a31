namespace Net.Platform;

/// <summary>Events were lost. What differs has been, or will be, published like any other change unless the subscriber itself was too slow:
/// then <see cref="MustReadSnapshot"/> is set.</summary>
/// <param name="MustReadSnapshot">Whether changes were dropped from this subscription, so that only the snapshot tells the truth.</param>
public sealed record OverrunChange(bool MustReadSnapshot) : NetworkChange
{
    /// <inheritdoc />
    public override NetworkChangeKind Kind => NetworkChangeKind.Overrun;
}
