using System.Runtime.InteropServices;
using Net.Workers.Relay;

namespace Net.Engine.Relay.Workers;

/// <summary>What a message tells a worker about descriptors, in the making.</summary>
internal sealed class DescriptorNews
{
    private readonly List<SafeHandle> _handles = [];

    /// <summary>New rings.</summary>
    public List<RelayRing> Rings { get; } = [];

    /// <summary>New senders of frames.</summary>
    public List<RelayPacketOutput> PacketSenders { get; } = [];

    /// <summary>New UDP sockets that receive.</summary>
    public List<RelayUdpInput> UdpReceivers { get; } = [];

    /// <summary>New UDP sockets that send.</summary>
    public List<RelayUdpOutput> UdpSenders { get; } = [];

    /// <summary>Ids of what is closed.</summary>
    public List<int> Closed { get; } = [];

    /// <summary>The descriptors that go with the message; they stay the engine's.</summary>
    public SafeHandle[] Handles => [.. _handles];

    /// <summary>Whether there is nothing to tell.</summary>
    public bool IsEmpty => _handles.Count == 0 && Closed.Count == 0;

    /// <summary>Adds a descriptor to the message.</summary>
    /// <param name="handle">The descriptor.</param>
    /// <returns>Its index.</returns>
    public int Add(SafeHandle handle)
    {
        _handles.Add(handle);
        return _handles.Count - 1;
    }

    /// <summary>What the message says.</summary>
    public RelayDescriptors ToMessage() => new()
    {
        Rings = [.. Rings],
        PacketSenders = [.. PacketSenders],
        UdpReceivers = [.. UdpReceivers],
        UdpSenders = [.. UdpSenders],
        Closed = [.. Closed],
    };
}
