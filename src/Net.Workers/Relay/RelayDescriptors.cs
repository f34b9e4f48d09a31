namespace Net.Workers.Relay;

/// <summary>What the descriptors are that come with a message, and which of earlier ones are closed. Ids are the engine's, positive, and unique in a worker over
/// all four kinds; an id that comes again replaces what it stood for.</summary>
public sealed record RelayDescriptors
{
    /// <summary>Rings of received frames.</summary>
    public RelayRing[] Rings { get; init; } = [];

    /// <summary>Senders of frames, one per interface.</summary>
    public RelayPacketOutput[] PacketSenders { get; init; } = [];

    /// <summary>UDP sockets that receive.</summary>
    public RelayUdpInput[] UdpReceivers { get; init; } = [];

    /// <summary>UDP sockets that send.</summary>
    public RelayUdpOutput[] UdpSenders { get; init; } = [];

    /// <summary>Ids of what is closed.</summary>
    public int[] Closed { get; init; } = [];
}
