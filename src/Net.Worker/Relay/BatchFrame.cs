using Net.Platform.Linux.Relay;
using Net.Relay;

namespace Net.Worker.Relay;

/// <summary>A frame of a batch.</summary>
internal struct BatchFrame
{
    /// <summary>The frame; where it came without Ethernet header, with room for one before it.</summary>
    public PacketMemory Memory;

    /// <summary>What is in it; of a frame that stands for several datagrams, the first.</summary>
    public PacketView View;

    /// <summary>Whether the headers stand for more or their UDP checksum is not complete, so that lengths and checksum are written anew for what leaves.</summary>
    public bool NeedsOffload;

    /// <summary>Whether there are no headers: it came by a socket.</summary>
    public bool IsPayloadOnly;
}
