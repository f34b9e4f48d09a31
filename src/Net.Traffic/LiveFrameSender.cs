using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Net.Packets;
using Net.Platform;
using Net.Platform.Linux;
using Net.Platform.Linux.Relay;

namespace Net.Traffic;

/// <summary>Sends a plan as frames from the kernel: one frame is built here, and a program in the kernel changes stream, sequence, time, group and port from one to the next.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LiveFrameSender
{
    private const int EthernetBytes = 14;
    private const int IPv4Bytes = 20;
    private const int IPv6Bytes = 40;
    private const int IPv6Length = 16;
    private const int UdpBytes = 8;
    private const int MacBytes = 6;
    private const ushort DefaultSourcePort = 40_000;

    private readonly TrafficPlan _plan;
    private readonly int _interfaceIndex;
    private readonly byte[] _mac;
    private readonly IPAddress _source;

    private LiveFrameSender(TrafficPlan plan, int interfaceIndex, byte[] mac, IPAddress source)
    {
        _plan = plan;
        _interfaceIndex = interfaceIndex;
        _mac = mac;
        _source = source;
    }

    /// <summary>Looks up what the frame needs of the interface, in the network namespace of the calling thread.</summary>
    /// <param name="plan">What will be sent.</param>
    /// <returns>The sender.</returns>
    /// <exception cref="TrafficException">The interface is missing or has no Ethernet address, or no source address is known.</exception>
    public static LiveFrameSender Open(TrafficPlan plan)
    {
        using RouteNetlink netlink = new();
        LinkInfo link = netlink.GetLinks().FirstOrDefault(link => link.Name == plan.Interface)
            ?? throw new TrafficException($"There is no interface {plan.Interface}.");
        byte[]? mac = link.HardwareAddress?.GetAddressBytes();
        if (mac is not { Length: MacBytes })
        {
            throw new TrafficException($"{plan.Interface} has no Ethernet address; live frames need an Ethernet interface.");
        }

        // Of several addresses the one with the widest scope: a link-local source would not pass a router.
        IPAddress source = plan.Source
            ?? netlink.GetAddresses().Where(address => address.InterfaceIndex == link.Index && address.Address.AddressFamily == plan.Destination.AddressFamily)
                .OrderBy(address => address.Address.IsIPv6LinkLocal).Select(address => address.Address).FirstOrDefault()
            ?? throw new TrafficException($"{plan.Interface} has no address to send from; name a source.");
        return new LiveFrameSender(plan, link.Index, mac, source);
    }

    /// <summary>Sends on the calling thread until the time is up or the token asks to end.</summary>
    /// <param name="firstStream">Number of the first stream.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>What was sent.</returns>
    /// <exception cref="TrafficException">The kernel refused.</exception>
    public TrafficSent Send(uint firstStream, CancellationToken cancellationToken)
    {
        byte[] frame = BuildFrame(_plan, _mac, _source, firstStream);
        long start = MonotonicClock.Now;
        try
        {
            long sent = XdpLiveFrames.Send(frame, _interfaceIndex, _plan.PacketsPerSecond, _plan.Duration, Variations(_plan, firstStream), cancellationToken);
            return new TrafficSent
            {
                Packets = sent,
                Bytes = sent * _plan.PayloadBytes,
                Refused = 0,
                Missed = 0,
                Elapsed = TimeSpan.FromTicks((MonotonicClock.Now - start) / TimeSpan.NanosecondsPerTick),
                FirstStream = firstStream,
            };
        }
        catch (BpfException failure)
        {
            throw new TrafficException($"Live frames cannot be sent from {_plan.Interface}: {failure.Message} They need Linux 5.18, CAP_BPF and CAP_NET_ADMIN; --sender socket needs neither.", failure);
        }
    }

    /// <summary>The frame of the first packet (IEEE 802.3, RFC 791 or RFC 8200, RFC 768), with checksums for the program to write.</summary>
    internal static byte[] BuildFrame(TrafficPlan plan, ReadOnlySpan<byte> mac, IPAddress source, uint firstStream)
    {
        bool isIPv6 = plan.Destination.AddressFamily == AddressFamily.InterNetworkV6;
        int udp = EthernetBytes + (isIPv6 ? IPv6Bytes : IPv4Bytes);
        byte[] frame = new byte[udp + UdpBytes + plan.PayloadBytes];
        byte[] group = plan.Destination.GetAddressBytes();
        WriteGroupMac(frame, group);
        mac.CopyTo(frame.AsSpan(MacBytes));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), (ushort)(isIPv6 ? 0x86dd : 0x0800));
        Span<byte> ip = frame.AsSpan(EthernetBytes);
        if (isIPv6)
        {
            ip[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(frame.Length - udp));
            ip[6] = 17;
            ip[7] = plan.Ttl;
            source.TryWriteBytes(ip[8..], out _);
            group.CopyTo(ip[24..]);
        }
        else
        {
            ip[0] = 0x45;
            BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(frame.Length - EthernetBytes));
            ip[6] = 0x40;
            ip[8] = plan.Ttl;
            ip[9] = 17;
            source.TryWriteBytes(ip[12..], out _);
            group.CopyTo(ip[16..]);
        }

        Span<byte> datagram = frame.AsSpan(udp);
        BinaryPrimitives.WriteUInt16BigEndian(datagram, plan.SourcePort == 0 ? DefaultSourcePort : plan.SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[2..], plan.Port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[4..], (ushort)datagram.Length);

        // Zero would say that there is none; the program writes the right one.
        BinaryPrimitives.WriteUInt16BigEndian(datagram[6..], ushort.MaxValue);
        Span<byte> payload = datagram[UdpBytes..];
        SendLoop.FillBody(payload[TrafficHeader.Bytes..], 0);
        new TrafficHeader(firstStream, 0, 0) { IsStampedInKernel = true }.Write(payload, TrafficHeader.HashBody(payload));
        return frame;
    }

    /// <summary>What differs from frame to frame: packet n is of stream n modulo their number, and streams go to groups and ports in the same turn.</summary>
    internal static FrameVariation[] Variations(TrafficPlan plan, uint firstStream)
    {
        bool isIPv6 = plan.Destination.AddressFamily == AddressFamily.InterNetworkV6;
        int udp = EthernetBytes + (isIPv6 ? IPv6Bytes : IPv4Bytes);
        int payload = udp + UdpBytes;
        List<FrameVariation> variations =
        [
            new(payload + TrafficHeader.SequenceOffset, sizeof(ulong), Every: plan.Streams),
            new(payload + TrafficHeader.TimeOffset, sizeof(ulong), IsTime: true),
        ];
        if (plan.Streams > 1)
        {
            variations.Add(new(payload + TrafficHeader.StreamOffset, sizeof(uint), First: firstStream, Count: plan.Streams));
        }

        if (plan.Groups > 1)
        {
            // The low 23 bits of an IPv4 group, or the low 32 of an IPv6 one, are the end of its Ethernet address (RFC 1112 6.4, RFC 2464 7).
            byte[] group = plan.Destination.GetAddressBytes();
            Span<byte> mac = stackalloc byte[MacBytes];
            WriteGroupMac(mac, group);
            uint low = BinaryPrimitives.ReadUInt32BigEndian(group.AsSpan(group.Length - sizeof(uint)));
            variations.Add(new(udp - sizeof(uint), sizeof(uint), First: low, Count: plan.Groups));
            variations.Add(new(2, sizeof(uint), First: BinaryPrimitives.ReadUInt32BigEndian(mac[2..]), Count: plan.Groups));
        }

        if (plan.Ports > 1)
        {
            variations.Add(new(udp + 2, sizeof(ushort), First: plan.Port, Every: plan.Groups, Count: plan.Ports));
        }

        return [.. variations];
    }

    private static void WriteGroupMac(Span<byte> mac, ReadOnlySpan<byte> group)
    {
        if (group.Length == IPv6Length)
        {
            mac[0] = 0x33;
            mac[1] = 0x33;
            group[12..].CopyTo(mac[2..]);
            return;
        }

        mac[0] = 0x01;
        mac[1] = 0x00;
        mac[2] = 0x5e;
        mac[3] = (byte)(group[1] & 0x7f);
        mac[4] = group[2];
        mac[5] = group[3];
    }
}
