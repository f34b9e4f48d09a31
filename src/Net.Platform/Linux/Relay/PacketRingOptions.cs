using Net.Packets.Bytecode;

namespace Net.Platform.Linux.Relay;

/// <summary>How a ring is opened (<see cref="PacketRing.Open"/>).</summary>
public sealed record PacketRingOptions
{
    /// <summary>The interface it listens to.</summary>
    public required int InterfaceIndex { get; init; }

    /// <summary>The interface's MTU in bytes; places are made for frames of this size.</summary>
    public int MtuBytes { get; init; } = 1500;

    /// <summary>Memory of the ring in bytes. It counts as resident in the process that maps it.</summary>
    public int RingBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Whether UDP and ESP to unicast addresses come in too.</summary>
    public bool AcceptUnicast { get; init; }

    /// <summary>Number of the group of rings that share the interface's frames, 0 to 65,535, of this network namespace; null for a ring that gets all of them.</summary>
    public int? FanoutGroup { get; init; }

    /// <summary>Which ring of the group gets a frame: its result modulo the number of rings (PACKET_FANOUT_CBPF, packet(7)). Goes with <see cref="FanoutGroup"/>.</summary>
    public IReadOnlyList<FilterInstruction> Steering { get; init; } = [];
}
