using System.Net;
using Net.Engine.Relay.Host;
using Net.Engine.Relay.Model;
using Net.Relay;
using Net.Workers.Relay;

namespace Net.Engine.Relay.Workers;

/// <summary>Makes what a worker is told of a flow, and opens the sockets it needs for it.</summary>
internal static class AssignmentBuilder
{
    private const byte DefaultTtl = 1;

    /// <summary>Makes an entry.</summary>
    /// <param name="wanted">The flow.</param>
    /// <param name="sockets">The worker's sockets.</param>
    /// <param name="links">The network, for names of interfaces.</param>
    /// <param name="news">Collects what is opened.</param>
    /// <exception cref="IOException">A socket cannot be opened; the message says why.</exception>
    public static FlowEntry Build(WorkerFlow wanted, WorkerSockets sockets, LinkIndex links, DescriptorNews news)
    {
        RelayFlow flow = wanted.Flow;
        List<int> used = [];
        int[]? senders = null;
        if (wanted.Engine == RelayEngineKind.Socket)
        {
            string device = links.NameOf(flow.Input.InterfaceIndex);
            for (int port = flow.Input.PortFrom; port <= flow.Input.PortTo; port++)
            {
                used.Add(sockets.Receiver(new UdpReceiverKey(flow.Input.InterfaceIndex, device, Local(flow.Input.Destination.Address, port, flow.Input.InterfaceIndex)), news));
            }
        }

        if (wanted.Engine == RelayEngineKind.Packet && JoinedBy(flow.Input, links) is { } key && sockets.Joiner(key) is { } joiner)
        {
            used.Add(joiner);
        }

        for (int index = 0; index < flow.Targets.Length; index++)
        {
            RelayTarget target = flow.Targets[index];
            if (target.InterfaceIndex == 0)
            {
                continue;
            }

            if (SenderOf(wanted, target, links) is { } request)
            {
                senders ??= new int[flow.Targets.Length];
                senders[index] = sockets.Sender(request, news);
                used.Add(senders[index]);
            }
            else if (wanted.Engine == RelayEngineKind.Packet)
            {
                used.Add(sockets.PacketSender(target.InterfaceIndex, news));
            }
        }

        return new FlowEntry(new RelayAssignment { Flow = flow, Engine = wanted.Engine, UdpSenders = senders }, [.. used], RelayFingerprint.Of(flow));
    }

    // One group and one port; a socket of a unicast address would stand in the way of the host's own programs.
    private static UdpReceiverKey? JoinedBy(RelayInput input, LinkIndex links) =>
        input is { Protocol: RelayProtocol.Udp, Destination: { IsExact: true, IsMulticast: true } } && input.PortFrom == input.PortTo
            ? new UdpReceiverKey(input.InterfaceIndex, links.NameOf(input.InterfaceIndex), Local(input.Destination.Address, input.PortFrom, input.InterfaceIndex))
            : null;

    // The packet engine saves itself the headers where the kernel can make all of them: source, source port and TTL are the same for every packet.
    private static UdpSenderRequest? SenderOf(WorkerFlow wanted, RelayTarget target, LinkIndex links)
    {
        bool isSocket = wanted.Engine == RelayEngineKind.Socket;
        AddressPrefix destination = target.DestinationFor(wanted.Flow.Input);
        IPAddress any = destination.IsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        if (!isSocket && (wanted.Flow.Input.Protocol != RelayProtocol.Udp || target.SourceMode == SourceMode.Keep || target.SourcePort == 0 || target.Ttl is null
            || target.ChangesFamily(wanted.Flow.Input) || !links.IsOwn(target.Source ?? any)))
        {
            return null;
        }

        IPEndPoint? to = destination.IsExact && (target.Port != 0 || wanted.Flow.Input.PortFrom == wanted.Flow.Input.PortTo)
            ? Local(destination.Address, target.Port != 0 ? target.Port : wanted.Flow.Input.PortFrom, target.InterfaceIndex)
            : null;
        var source = new IPEndPoint(target.SourceMode == SourceMode.Keep ? any : target.Source ?? any, target.SourcePort);
        return new UdpSenderRequest(
            target.InterfaceIndex, links.NameOf(target.InterfaceIndex), source, target.Ttl ?? DefaultTtl, target.Dscp ?? 0, target.Oversize == OversizeAction.Fragment, to);
    }

    // Addresses that hold on a link only need the link.
    private static IPEndPoint Local(IPAddress address, int port, int interfaceIndex) =>
        new(address.IsIPv6LinkLocal || address.IsIPv6Multicast ? new IPAddress(address.GetAddressBytes(), interfaceIndex) : address, port);
}
