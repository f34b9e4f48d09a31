namespace Net.Service.Tests.Flood;

/// <summary>What came of one stream.</summary>
/// <param name="Flow">The stream.</param>
/// <param name="Sent">Packets sent.</param>
/// <param name="Delivered">Packets that arrived, each once.</param>
/// <param name="Overrun">Packets that arrived and were not taken in time: the receiver's fault, not the rules'.</param>
internal sealed record FloodOutcome(FloodFlow Flow, long Sent, long Delivered, long Overrun)
{
    /// <summary>Packets the rules dropped.</summary>
    public long Lost => Sent - Delivered - Overrun;
}
