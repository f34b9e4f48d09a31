using System.Net.Sockets;
using System.Runtime.InteropServices;
using Net.Platform.Linux.Relay;
using Net.Workers.Relay;

namespace Net.Worker.Relay;

/// <summary>The rings and sockets of a worker by the engine's ids. They come with messages and go with messages.</summary>
/// <param name="mailbox">Who is told of descriptors that cannot be used.</param>
internal sealed class RelayPorts(RelayMailbox mailbox) : IDisposable
{
    private readonly SortedDictionary<int, RingPort> _rings = [];
    private readonly SortedDictionary<int, UdpPort> _receivers = [];
    private readonly Dictionary<int, PacketOutput> _packetOutputs = [];
    private readonly Dictionary<int, UdpOutput> _udpOutputs = [];

    /// <summary>The rings.</summary>
    public RingPort[] Rings { get; private set; } = [];

    /// <summary>The sockets that receive.</summary>
    public UdpPort[] Receivers { get; private set; } = [];

    /// <summary>Takes the descriptors of a message.</summary>
    /// <param name="descriptors">What they are.</param>
    /// <param name="handles">The descriptors; those nothing stands for are closed.</param>
    /// <returns>What they replace or what is closed: to be disposed once no flow uses it.</returns>
    public List<IDisposable> Take(RelayDescriptors descriptors, SafeHandle[] handles)
    {
        var gone = new List<IDisposable>();
        foreach (int id in descriptors.Closed)
        {
            Remove(id, gone);
        }

        foreach (RelayRing ring in descriptors.Rings)
        {
            Add(ring.Id, ring.Descriptor, handles, gone, handle => _rings[ring.Id] =
                new RingPort(new PacketRing(handle, new PacketRingLayout(ring.BlockBytes, ring.BlockCount, ring.FrameBytes)), ring.Id, ring.InterfaceIndex));
        }

        foreach (RelayPacketOutput output in descriptors.PacketSenders)
        {
            Add(output.Id, output.Descriptor, handles, gone, handle => _packetOutputs[output.Id] = new PacketOutput(new PacketSender(handle), output.InterfaceIndex));
        }

        foreach (RelayUdpInput input in descriptors.UdpReceivers)
        {
            Add(input.Id, input.Descriptor, handles, gone, handle => _receivers[input.Id] = new UdpPort(new UdpReceiver(handle), input.Id, input.InterfaceIndex));
        }

        foreach (RelayUdpOutput output in descriptors.UdpSenders)
        {
            Add(output.Id, output.Descriptor, handles, gone, handle => _udpOutputs[output.Id] = new UdpOutput(new UdpSender(handle), output.IsConnected));
        }

        foreach (SafeHandle? handle in handles)
        {
            handle?.Dispose();
        }

        Rings = [.. _rings.Values];
        Receivers = [.. _receivers.Values];
        return gone;
    }

    /// <summary>Gives the outputs of flows their senders.</summary>
    /// <param name="flows">The flows.</param>
    public void Connect(FlowSet flows)
    {
        var byInterface = new Dictionary<int, PacketOutput>();
        foreach (PacketOutput output in _packetOutputs.Values)
        {
            byInterface[output.InterfaceIndex] = output;
        }

        foreach (FlowRuntime flow in flows.ByNumber)
        {
            foreach (FlowOutput output in flow.Outputs)
            {
                output.Udp = output.UdpId == 0 ? null : _udpOutputs.GetValueOrDefault(output.UdpId);
                output.Packet = output.UdpId != 0 ? null : byInterface.GetValueOrDefault(output.Target.InterfaceIndex);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (IDisposable port in (IEnumerable<IDisposable>)[.. _rings.Values, .. _receivers.Values, .. _packetOutputs.Values, .. _udpOutputs.Values])
        {
            port.Dispose();
        }
    }

    private void Add(int id, int descriptor, SafeHandle[] handles, List<IDisposable> gone, Action<SafeHandle> make)
    {
        Remove(id, gone);
        if (descriptor < 0 || descriptor >= handles.Length || handles[descriptor] is null)
        {
            mailbox.Report(new RelayRefused(id, $"The message has no descriptor {descriptor} for it."));
            return;
        }

        SafeHandle handle = handles[descriptor];
        handles[descriptor] = null!;
        try
        {
            make(handle);
        }
        catch (SocketException exception)
        {
            handle.Dispose();
            mailbox.Report(new RelayRefused(id, exception.Message));
        }
    }

    private void Remove(int id, List<IDisposable> gone)
    {
        if (_rings.Remove(id, out RingPort? ring))
        {
            gone.Add(ring);
        }

        if (_receivers.Remove(id, out UdpPort? receiver))
        {
            gone.Add(receiver);
        }

        if (_packetOutputs.Remove(id, out PacketOutput? packet))
        {
            gone.Add(packet);
        }

        if (_udpOutputs.Remove(id, out UdpOutput? udp))
        {
            gone.Add(udp);
        }
    }
}
