namespace Net.Workers.Overlay;

/// <summary>A former member.</summary>
/// <param name="Index">The index it had as a peer.</param>
/// <param name="Reason">Why it is no member any more, without a full stop.</param>
public sealed record ModelDeparture(int Index, string Reason);
