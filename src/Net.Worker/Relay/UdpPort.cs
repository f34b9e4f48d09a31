using Net.Platform.Linux.Relay;
using Net.Relay;

namespace Net.Worker.Relay;

/// <summary>A UDP socket that receives.</summary>
/// <param name="receiver">The socket, owned by this port.</param>
/// <param name="id">The engine's id of it.</param>
/// <param name="interfaceIndex">The interface it receives from.</param>
internal sealed class UdpPort(UdpReceiver receiver, int id, int interfaceIndex) : IDisposable
{
    /// <summary>The socket.</summary>
    public UdpReceiver Receiver => receiver;

    /// <summary>The interface.</summary>
    public int InterfaceIndex => interfaceIndex;

    /// <summary>The destination of everything it receives.</summary>
    public RelayAddress Destination { get; } = RelayAddress.From(receiver.Local.Address);

    /// <summary>The destination port of everything it receives.</summary>
    public ushort Port { get; } = (ushort)receiver.Local.Port;

    /// <summary>Length of the headers the kernel took off: IP without options or extensions, and UDP.</summary>
    public int HeaderBytes { get; } = receiver.Local.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? 48 : 28;

    /// <summary>What it counted.</summary>
    public InputCounters Counters { get; } = new(id, interfaceIndex);

    /// <summary>Asks the kernel what it dropped; before each report.</summary>
    public void ReadOverruns() => Counters.SetDrops(RelayDrop.Ring, receiver.ReadOverruns());

    /// <inheritdoc />
    public void Dispose() => receiver.Dispose();
}
