namespace Net.Lab;

/// <summary>Result of <see cref="LabNode.PingAsync"/>.</summary>
/// <param name="Sent">Echo requests sent.</param>
/// <param name="Received">Replies received.</param>
/// <param name="RoundTrip">Mean round trip of the replies; none without replies.</param>
public sealed record LabPing(int Sent, int Received, TimeSpan? RoundTrip)
{
    /// <summary>Whether any reply came.</summary>
    public bool Reached => Received > 0;
}
