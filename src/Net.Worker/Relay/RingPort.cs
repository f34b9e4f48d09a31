using Net.Platform.Linux.Relay;
using Net.Relay;

namespace Net.Worker.Relay;

/// <summary>A ring of received frames.</summary>
/// <param name="ring">The ring, owned by this port.</param>
/// <param name="id">The engine's id of it.</param>
/// <param name="interfaceIndex">The interface it listens to.</param>
internal sealed class RingPort(PacketRing ring, int id, int interfaceIndex) : IDisposable
{
    /// <summary>The ring.</summary>
    public PacketRing Ring => ring;

    /// <summary>The interface.</summary>
    public int InterfaceIndex => interfaceIndex;

    /// <summary>What it counted.</summary>
    public InputCounters Counters { get; } = new(id, interfaceIndex);

    /// <summary>Asks the kernel what it dropped; before each report.</summary>
    public void ReadOverruns()
    {
        if (ring.TakeOverruns() is > 0 and long overruns)
        {
            Counters.Drop(RelayDrop.Ring, overruns);
        }
    }

    /// <inheritdoc />
    public void Dispose() => ring.Dispose();
}
