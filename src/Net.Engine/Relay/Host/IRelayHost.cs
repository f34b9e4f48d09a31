using System.Net;
using System.Runtime.InteropServices;
using Net.Contracts;
using Net.Engine.Relay.Kernel;
using Net.Engine.Relay.Membership;
using Net.Workers;
using EngineState = Net.Relay.EngineState;

namespace Net.Engine.Relay.Host;

/// <summary>What the relay needs of the host beyond the seams every part of the engine has. Whatever it opens belongs to the caller. Members may be called from any thread.</summary>
internal interface IRelayHost
{
    /// <summary>Whether packets can be taken from rings of frames.</summary>
    EngineState PacketEngine { get; }

    /// <summary>What an administrator should know about how workers run; null when there is nothing.</summary>
    string? WorkerRemark { get; }

    /// <summary>Cores this process may use.</summary>
    IReadOnlyList<int> Cores { get; }

    /// <summary>The kernel's monotonic clock in nanoseconds, by which counters say when a packet was seen.</summary>
    long MonotonicNanoseconds { get; }

    /// <summary>The engines in the kernel.</summary>
    IKernelRelay CreateKernel();

    /// <summary>The kernel's group memberships.</summary>
    IMulticastSockets CreateMulticastSockets();

    /// <summary>How long after a worker was started another is made ready that takes the place of one that ends; null for none.</summary>
    TimeSpan? SpareAfter { get; }

    /// <summary>What starts workers of the relay.</summary>
    IWorkerLauncher CreateLauncher();

    /// <summary>Opens a ring of received frames.</summary>
    /// <param name="request">Where, and how large.</param>
    /// <exception cref="IOException">The kernel refused; the message says why.</exception>
    RingHandle OpenRing(RingRequest request);

    /// <summary>Opens a sender of frames.</summary>
    /// <param name="interfaceIndex">The interface it sends by.</param>
    /// <exception cref="IOException">The kernel refused; the message says why.</exception>
    SafeHandle OpenPacketSender(int interfaceIndex);

    /// <summary>Opens a UDP socket that receives.</summary>
    /// <param name="device">Name of the interface it receives from.</param>
    /// <param name="local">Group or own address, and port.</param>
    /// <exception cref="IOException">The kernel refused; the message says why.</exception>
    SafeHandle OpenUdpReceiver(string device, IPEndPoint local);

    /// <summary>Makes the kernel join datagrams of one sender as they come in, so that rings get many of them at once.</summary>
    /// <param name="device">Name of the interface they come in by.</param>
    /// <param name="local">The group and port.</param>
    /// <returns>Goes on until this is disposed.</returns>
    /// <exception cref="IOException">The kernel refused; the message says why. They come one by one then.</exception>
    SafeHandle OpenJoiner(string device, IPEndPoint local);

    /// <summary>Opens a UDP socket that sends.</summary>
    /// <param name="request">How it sends.</param>
    /// <exception cref="IOException">The kernel refused; the message says why.</exception>
    SafeHandle OpenUdpSender(UdpSenderRequest request);

    /// <summary>Makes the kernel find out the link-layer address of a neighbour; nothing is said when it cannot.</summary>
    /// <param name="device">Name of the interface the neighbour is on.</param>
    /// <param name="address">The neighbour's address.</param>
    void AskNeighbor(string device, IPAddress address);

    /// <summary>Whether the driver of an interface runs XDP programs itself.</summary>
    /// <param name="device">Name of the interface.</param>
    bool HasNativeXdp(string device);

    /// <summary>Cores of the NUMA node an interface hangs on; empty when the kernel names none.</summary>
    /// <param name="device">Name of the interface.</param>
    IReadOnlyList<int> CoresNear(string device);

    /// <summary>The NUMA node of a core; null when the kernel names none.</summary>
    /// <param name="core">The core.</param>
    int? NodeOf(int core);

    /// <summary>Sends test traffic and receives it.</summary>
    /// <param name="request">What to send and where to receive; complete, nothing of it is looked up in a rule any more.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">It cannot be sent or received; the message says why.</exception>
    IAsyncEnumerable<RelayMeasurement> MeasureAsync(MeasureRelayPath request, CancellationToken cancellationToken);
}
