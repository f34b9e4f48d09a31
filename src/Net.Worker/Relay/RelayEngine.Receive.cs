using System.Runtime.InteropServices;
using Net.Packets;
using Net.Platform.Linux.Relay;
using Net.Relay;

namespace Net.Worker.Relay;

/// <content>What comes in: frames of rings, datagrams of sockets.</content>
internal sealed partial class RelayEngine
{
    private const int IPv4HeaderBytes = 20;
    private const int IPv6HeaderBytes = 40;

    /// <summary>Relays a batch of frames of a ring.</summary>
    /// <param name="port">The ring.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    /// <returns>How many frames there were; 0 when none waits.</returns>
    public int Relay(RingPort port, long now)
    {
        PacketRing ring = port.Ring;
        int taken = 0;
        Begin(now);
        while (taken < BatchFrames && ring.TryPeek(out PacketFrame frame))
        {
            taken++;
            if (!frame.IsOversize)
            {
                Take(port, frame);
                continue;
            }

            // It waits elsewhere, and one such frame is a batch in itself.
            SendAll();
            Begin(now);
            if (ring.ReadOversize(_oversizeMemory, out PacketFrame large))
            {
                Take(port, large);
                SendAll();
                Begin(now);
            }
        }

        SendAll();
        ring.Release();
        Packets += taken;
        return taken;
    }

    /// <summary>Relays what waits in a socket, up to a batch.</summary>
    /// <param name="port">The socket.</param>
    /// <param name="now">The monotonic clock in nanoseconds.</param>
    /// <returns>How many messages there were; 0 when none waits.</returns>
    public int Relay(UdpPort port, long now)
    {
        // 2 MB that a worker of rings alone does not need.
        UdpReceiveBatch batch = _udpBatch ??= new UdpReceiveBatch();
        int messages = port.Receiver.Receive(batch);
        Begin(now);
        for (int message = 0; message < messages; message++)
        {
            Take(port, batch, message);
        }

        SendAll();
        Packets += messages;
        return messages;
    }

    private void Take(RingPort port, in PacketFrame frame)
    {
        if (frame.VlanId != 0)
        {
            port.Counters.OtherVlan++;
            return;
        }

        port.Counters.Packets++;
        if (frame.IsForOtherHost)
        {
            port.Counters.Unmatched++;
            return;
        }

        if (frame.MissingBytes > 0)
        {
            // Too large for its place, and the buffer for such frames was full.
            port.Counters.Drop(RelayDrop.Ring);
            return;
        }

        ref BatchFrame entry = ref _frames[_frameCount];
        entry.Memory = frame.Memory;
        ParseResult result;
        if (frame.LinkBytes == 0)
        {
            entry.Memory = frame.Memory.WithHeadroom(PacketRing.HeadroomBytes);
            result = RelayParser.ParseIP(entry.Memory.Span, PacketRing.HeadroomBytes, out entry.View);
        }
        else
        {
            result = RelayParser.Parse(frame.Memory.Span, out entry.View);
        }

        if (result != ParseResult.Packet)
        {
            if (RelayParser.TryGetDrop(result, out RelayDrop reason))
            {
                port.Counters.Drop(reason);
            }
            else
            {
                port.Counters.Unmatched++;
            }

            return;
        }

        int matches = Find(_flows.PacketTable, port.InterfaceIndex, entry.View);
        if (matches == 0)
        {
            port.Counters.Unmatched++;
            return;
        }

        entry.NeedsOffload = frame.IsChecksumPartial;
        entry.IsPayloadOnly = false;
        if (frame.SegmentBytes > 0 && entry.View.Protocol == RelayProtocol.Udp && entry.View.PayloadBytes > frame.SegmentBytes)
        {
            port.Counters.Packets += TakeSegments(port.InterfaceIndex, _flows.PacketFlows, matches, frame.SegmentBytes) - 1;
            return;
        }

        int index = _frameCount++;
        int payloadOffset = entry.View.PayloadOffset;
        PacketMemory payload = entry.Memory.Slice(payloadOffset, entry.View.EndOffset - payloadOffset);
        bool canJoin = CanJoin(entry, frame.IsChecksumVerified);
        for (int match = 0; match < matches; match++)
        {
            Admit(_flows.PacketFlows[_matches[match]], index, entry.View, payload, port.InterfaceIndex, canJoin);
        }
    }

    private void Take(UdpPort port, UdpReceiveBatch batch, int message)
    {
        PacketMemory data = batch.Data(message);
        if (data.Length == 0)
        {
            // An empty datagram has nothing to relay by a socket.
            port.Counters.Packets++;
            port.Counters.Unmatched++;
            return;
        }

        int segment = Math.Min(batch.SegmentBytes(message), data.Length);
        ReadOnlySpan<byte> from = batch.From(message).AsBytes;
        bool isIPv6 = port.HeaderBytes != IPv4HeaderBytes + RelayParser.UdpBytes;
        ref BatchFrame entry = ref _frames[_frameCount];
        entry.Memory = data;
        entry.NeedsOffload = false;
        entry.IsPayloadOnly = true;

        // The headers are gone; offsets before the payload make lengths come out as on the wire.
        entry.View = new PacketView
        {
            NetworkOffset = -port.HeaderBytes,
            TransportOffset = -RelayParser.UdpBytes,
            PayloadOffset = 0,
            PayloadBytes = segment,
            EndOffset = segment,
            Source = RelayAddress.From(isIPv6 ? from.Slice(8, 16) : from.Slice(4, 4)),
            SourcePort = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(from[2..]),
            Destination = port.Destination,
            DestinationPort = port.Port,
            Protocol = RelayProtocol.Udp,
            IsIPv6 = isIPv6,
            Ttl = byte.MaxValue,
            VlanId = -1,
        };
        int matches = Find(_flows.SocketTable, port.InterfaceIndex, entry.View);
        if (matches == 0)
        {
            port.Counters.Packets++;
            port.Counters.Unmatched++;
            return;
        }

        port.Counters.Packets += TakeSegments(port.InterfaceIndex, _flows.SocketFlows, matches, segment);
    }

    // A frame or message that stands for several datagrams: each is a packet of its own to rules and counters.
    private int TakeSegments(int interfaceIndex, FlowRuntime[] flows, int matches, int segmentBytes)
    {
        int index = _frameCount;
        ref BatchFrame entry = ref _frames[index];
        entry.NeedsOffload |= !entry.IsPayloadOnly;
        int start = entry.View.PayloadOffset;
        int total = entry.IsPayloadOnly ? entry.Memory.Length : entry.View.PayloadBytes;
        PacketMemory all = entry.Memory.Slice(start, total);
        _frameCount++;
        entry.View = WithPayload(entry.View, Math.Min(segmentBytes, total));
        for (int match = 0; match < matches; match++)
        {
            FlowRuntime flow = flows[_matches[match]];
            if (flow.Trace is null && flow.State.DecidesBySender)
            {
                AdmitAll(flow, index, all, segmentBytes);
            }
            else
            {
                AdmitEach(flow, index, all, segmentBytes, interfaceIndex);
            }
        }

        return (total + segmentBytes - 1) / segmentBytes;
    }

    private void AdmitEach(FlowRuntime flow, int frame, PacketMemory all, int segmentBytes, int interfaceIndex)
    {
        PacketView view = _frames[frame].View;
        for (int at = 0; at < all.Length; at += segmentBytes)
        {
            int bytes = Math.Min(segmentBytes, all.Length - at);
            view = WithPayload(view, bytes);
            Admit(flow, frame, view, all.Slice(at, bytes), interfaceIndex, canJoin: true);
        }
    }

    // One look at the sender for all of them.
    private void AdmitAll(FlowRuntime flow, int frame, PacketMemory all, int segmentBytes)
    {
        Touch(flow);
        ref readonly PacketView view = ref _frames[frame].View;
        int packets = (all.Length + segmentBytes - 1) / segmentBytes;
        if (!flow.State.TryAdmit(view, packets, all.Length + ((long)packets * (view.PayloadOffset - view.NetworkOffset)), _now, out _))
        {
            return;
        }

        for (int at = 0; at < all.Length; at += segmentBytes)
        {
            if (_itemCount == BatchItems)
            {
                FlushRuns();
            }

            Append(flow, frame, all.Slice(at, Math.Min(segmentBytes, all.Length - at)), canJoin: true, traceNumber: 0);
        }
    }

    private void Admit(FlowRuntime flow, int frame, in PacketView view, PacketMemory payload, int interfaceIndex, bool canJoin)
    {
        Touch(flow);
        bool isAdmitted = flow.State.TryAdmit(view, payload.Span, _now, out RelayDrop reason);
        int traceNumber = 0;
        if (flow.Trace is not null)
        {
            traceNumber = flow.Trace.Begin();
            PacketMemory memory = _frames[frame].Memory;
            int headerBytes = _frames[frame].IsPayloadOnly ? 0 : view.PayloadOffset;
            Trace(flow, traceNumber, view, -1, interfaceIndex, memory.Span[..headerBytes], payload.Span, isAdmitted ? null : reason);
        }

        if (!isAdmitted)
        {
            return;
        }

        if (_itemCount == BatchItems)
        {
            // Frames stay as they are, so that what follows of this one may still refer to it.
            FlushRuns();
        }

        Append(flow, frame, payload, canJoin, traceNumber);
    }

    // What the kernel splits gets new checksums: only a payload that is known to be whole may be in such a run, or damage would be hidden from the receiver.
    private static bool CanJoin(in BatchFrame entry, bool isVerified)
    {
        ref readonly PacketView view = ref entry.View;
        int headerBytes = view.TransportOffset - view.NetworkOffset;
        if (view.Protocol != RelayProtocol.Udp || view.PayloadBytes == 0 || view.PayloadOffset + view.PayloadBytes != view.EndOffset
            || headerBytes != (view.IsIPv6 ? IPv6HeaderBytes : IPv4HeaderBytes))
        {
            return false;
        }

        if (entry.NeedsOffload)
        {
            return true;
        }

        ReadOnlySpan<byte> frame = entry.Memory.Span;
        if (MemoryMarshal.Read<ushort>(frame[(view.TransportOffset + 6)..]) == 0)
        {
            // It has no checksum and keeps none.
            return false;
        }

        return isVerified || IsIntact(frame, view);
    }

    private static bool IsIntact(ReadOnlySpan<byte> frame, in PacketView view)
    {
        ReadOnlySpan<byte> udp = frame.Slice(view.TransportOffset, view.PayloadBytes + RelayParser.UdpBytes);
        ReadOnlySpan<byte> addresses = view.IsIPv6 ? frame.Slice(view.NetworkOffset + 8, 32) : frame.Slice(view.NetworkOffset + 12, 8);
        return PacketChecksum.Fold(PacketChecksum.Sum(udp, PacketChecksum.PseudoHeader(addresses, (byte)RelayProtocol.Udp, udp.Length))) == ushort.MaxValue;
    }

    private static PacketView WithPayload(in PacketView view, int payloadBytes) => new()
    {
        NetworkOffset = view.NetworkOffset,
        TransportOffset = view.TransportOffset,
        PayloadOffset = view.PayloadOffset,
        PayloadBytes = payloadBytes,
        EndOffset = view.PayloadOffset + payloadBytes,
        Source = view.Source,
        Destination = view.Destination,
        SourcePort = view.SourcePort,
        DestinationPort = view.DestinationPort,
        Protocol = view.Protocol,
        IsIPv6 = view.IsIPv6,
        Ttl = view.Ttl,
        TrafficClass = view.TrafficClass,
        VlanId = view.VlanId,
    };
}
