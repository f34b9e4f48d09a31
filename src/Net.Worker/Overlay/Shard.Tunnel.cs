using Net.Overlay.Flows;
using Net.Overlay.Routing;
using Net.Packets;
using Net.Workers.Overlay;

namespace Net.Worker.Overlay;

/// <content>Packets: from the device to peers, from peers to the device and to other peers.</content>
internal sealed partial class Shard
{
    // Reads in a row before the network has its turn. One read is up to 64 KB of a TCP stream, or one small packet.
    private const int ReadBytesPerRound = 128 << 10;
    private const int ReadsPerRound = 64;

    private const int VnetHeaderBytes = 10;

    // Gives whether more is likely to wait.
    private bool ReadTunnel()
    {
        int bytes = 0;
        bool isMoreLikely = true;
        for (int count = 0; count < ReadsPerRound && bytes < ReadBytesPerRound; count++)
        {
            int length = _device.Read(_read.Span);
            if (length <= 0)
            {
                isMoreLikely = false;
                break;
            }

            bytes += length;
            _lastPacket = _now;
            FromDevice(_read.Span[..length]);
        }

        SettleTouched();
        return isMoreLikely;
    }

    // What was sent moved the timers of loss detection.
    private void SettleTouched()
    {
        foreach (PeerConnection connection in _touched)
        {
            connection.IsTouched = false;
            if (connection.ClosesAt == 0)
            {
                connection.Expiry = NextExpiry(connection);
                _nextExpiry = Math.Min(_nextExpiry, connection.Expiry);
            }
        }

        _touched.Clear();
    }

    private void FromDevice(Span<byte> buffer)
    {
        ReadOnlySpan<byte> packet = buffer[VnetHeaderBytes..];
        if (!TryReadAddresses(packet, out _, out ReadOnlySpan<byte> destination))
        {
            Drop(DropReason.Malformed);
            return;
        }

        if (AnswersNames(packet, destination))
        {
            return;
        }

        int peer = _model.Routes.Lookup(destination);
        if (peer < 0)
        {
            // Link-local and multicast chatter of the host (router solicitations, mDNS) is nobody's, and no error.
            if (!IsChatter(destination))
            {
                Drop(DropReason.NoRoute);
                Refuse(packet, IcmpUnreachable.NoRoute);
            }

            return;
        }

        if (_owners.ShardOf(peer) is >= 0 and int owner && owner != Number)
        {
            HandOver(owner, new Handover(HandoverKind.FromDevice, RoutingTable.LocalNode, peer, 0, default), buffer);
            return;
        }

        SendFromDevice(buffer, peer);
    }

    // The peer is one of this shard.
    private void SendFromDevice(Span<byte> buffer, int peer)
    {
        ReadOnlySpan<byte> packet = buffer[VnetHeaderBytes..];
        PacketSegmenter segmenter = default;
        if (!segmenter.Begin(buffer))
        {
            Drop(DropReason.Malformed);
            return;
        }

        FlowVerdict verdict = _gate.Check(packet, RoutingTable.LocalNode, peer, _now, _model.Policy, segmenter.Count);
        if (verdict != FlowVerdict.Allow)
        {
            Drop(verdict == FlowVerdict.Malformed ? DropReason.Malformed : DropReason.Policy);
            if (verdict == FlowVerdict.Deny)
            {
                Refuse(packet, IcmpUnreachable.Prohibited);
            }

            return;
        }

        if (!_sessions.TryGetValue(peer, out PeerSession? session))
        {
            Drop(DropReason.PeerDown);
            return;
        }

        uint flow = _gate.LastFlowHash;
        Weigh(session, packet, flow, segmenter.Count);
        int index = 0;
        while (segmenter.TryPeek(out ReadOnlySpan<byte> head, out ReadOnlySpan<byte> body))
        {
            session.Send(head, body, flow, _now, index == 0, index == segmenter.Count - 1);
            index++;
            segmenter.Advance();
        }
    }

    /// <summary>Something travelled over a connection, in a DATAGRAM frame or on the packet stream: a packet, a fragment, or an echo of a test.</summary>
    public void OnCarried(PeerConnection connection, ReadOnlySpan<byte> data)
    {
        if (!connection.IsEstablished || connection.Session is not { } session || data.IsEmpty)
        {
            return;
        }

        switch (data[0] >> 4)
        {
            case 4 or 6:
                FromPeer(session, data);
                break;
            case 0:
                if (_reassembler.TryAdd(session.Index, data, _now, out ReadOnlySpan<byte> whole))
                {
                    FromPeer(session, whole);
                }

                break;
            case 1:
                session.ReceiveEcho(data, _now);
                break;
            default:
                Drop(DropReason.Malformed);
                break;
        }
    }

    /// <summary>Tells the sender of a packet that it is too large: this host, or the peer it was forwarded for.</summary>
    public void TellTooBig(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, int mtu)
    {
        Drop(DropReason.TooBig);

        // Whole, because nothing is said about a packet that is shorter than its header tells.
        ReadOnlySpan<byte> original = body.IsEmpty ? head : Joined(head, body);
        if (!TryReadAddresses(original, out ReadOnlySpan<byte> source, out ReadOnlySpan<byte> destination))
        {
            return;
        }

        int sender = _model.Routes.Lookup(source);
        if (_owners.ShardOf(sender) >= 0)
        {
            SendOwn(sender, IcmpErrors.WritePacketTooBig(ErrorSpace, original, OwnAddress(original), mtu));
            return;
        }

        WriteToDevice(IcmpErrors.WritePacketTooBig(ErrorSpace, original, destination, mtu));
    }

    /// <summary>Counts a packet that was dropped.</summary>
    public void CountDrop(DropReason reason) => Drop(reason);

    private Span<byte> ErrorSpace => _scratch.AsSpan(VnetHeaderBytes, 1_500);

    private void FromPeer(PeerSession session, ReadOnlySpan<byte> packet)
    {
        // Nearly all packets go on where the one before was: from the same peer to this host, allowed a moment ago.
        if (_gate.ContinuesRun(packet, session.Index))
        {
            session.CountReceived(packet.Length);
            _coalescer.Push(packet);
            return;
        }

        if (!TryReadAddresses(packet, out ReadOnlySpan<byte> source, out ReadOnlySpan<byte> destination))
        {
            Drop(DropReason.Malformed);
            return;
        }

        session.CountReceived(packet.Length);
        CompiledModel model = _model;
        if (!model.Routes.Owns(session.Index, source))
        {
            Drop(DropReason.Source);
            return;
        }

        int to = model.Routes.Lookup(destination);
        if (to == RoutingTable.NoRoute || (to >= 0 && !model.Source.Forwards))
        {
            Drop(DropReason.NoRoute);
            return;
        }

        // A flow between two peers is kept in one place, whichever way its packets go: where the peer with the lower number is.
        int owner = _owners.ShardOf(to);
        if (owner >= 0 && owner != Number && to < session.Index)
        {
            HandOver(owner, new Handover(HandoverKind.ForwardUnjudged, session.Index, to, 0, default), packet);
            return;
        }

        if (!IsAllowed(packet, session.Index, to))
        {
            return;
        }

        if (to == RoutingTable.LocalNode)
        {
            _gate.BeginRun(packet, session.Index);
            _coalescer.Push(packet);
            return;
        }

        Forward(session.Index, packet, to, owner);
    }

    private bool IsAllowed(ReadOnlySpan<byte> packet, int from, int to)
    {
        FlowVerdict verdict = _gate.Check(packet, from, to, _now, _model.Policy);
        if (verdict != FlowVerdict.Allow)
        {
            Drop(verdict == FlowVerdict.Malformed ? DropReason.Malformed : DropReason.Policy);
            return false;
        }

        return true;
    }

    // The packet is allowed; where it goes may be another shard's.
    private void Forward(int from, ReadOnlySpan<byte> packet, int to, int owner)
    {
        if (to == from || owner < 0)
        {
            Drop(DropReason.NoRoute);
            return;
        }

        Span<byte> copy = _scratch.AsSpan(4_096, packet.Length);
        packet.CopyTo(copy);
        if (!IpTtl.Decrement(copy))
        {
            Drop(DropReason.Ttl);
            SendOwn(from, IcmpErrors.WriteTimeExceeded(ErrorSpace, packet, OwnAddress(packet)));
            return;
        }

        if (owner != Number)
        {
            HandOver(owner, new Handover(HandoverKind.Forward, from, to, _gate.LastFlowHash, default), copy);
        }
        else
        {
            SendForwarded(copy, to, _gate.LastFlowHash);
        }
    }

    private void SendForwarded(ReadOnlySpan<byte> packet, int to, uint flow)
    {
        if (_sessions.TryGetValue(to, out PeerSession? next))
        {
            Weigh(next, packet, flow, packets: 1);
            next.Send(packet, default, flow, _now);
        }
        else
        {
            Drop(DropReason.NoRoute);
        }
    }

    // An acknowledgement of TCP alone is of a flow that moves data the other way.
    private void Weigh(PeerSession session, ReadOnlySpan<byte> packet, uint flow, int packets)
    {
        if (_thinFlows.IsThin(flow, packet.Length, _now) && packets == 1 && !IsBareAcknowledgement(packet))
        {
            session.NoticeThinFlow(_now);
        }
    }

    // What stands in the error space, if anything, goes to a peer, whichever shard has it, when the library is done with what it does.
    private void SendOwn(int peer, int length)
    {
        int owner = _owners.ShardOf(peer);
        if (length <= 0 || owner < 0)
        {
            return;
        }

        if (owner != Number)
        {
            HandOver(owner, new Handover(HandoverKind.Own, RoutingTable.LocalNode, peer, 0, default), ErrorSpace[..length]);
        }
        else if (_sessions.TryGetValue(peer, out PeerSession? session))
        {
            session.SendLater(ErrorSpace[..length], _now);
        }
    }

    // To this host an error comes from where its packet was going: the kernel takes nothing from a device that claims to be from the host itself.
    private void Refuse(ReadOnlySpan<byte> packet, IcmpUnreachable why)
    {
        if (TryReadAddresses(packet, out _, out ReadOnlySpan<byte> destination))
        {
            WriteToDevice(IcmpErrors.WriteUnreachable(ErrorSpace, packet, destination, why));
        }
    }

    // What stands in the error space, if anything, goes to the device behind an empty offload header.
    private void WriteToDevice(int length)
    {
        if (length > 0)
        {
            _scratch.AsSpan(0, VnetHeaderBytes).Clear();
            if (!_device.Write(_scratch.AsSpan(0, VnetHeaderBytes + length)))
            {
                Drop(DropReason.Device);
            }
        }
    }

    private ReadOnlySpan<byte> OwnAddress(ReadOnlySpan<byte> packet) => (packet[0] >> 4) == 4 ? _ownIPv4 : _ownIPv6;

    private bool AnswersNames(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> destination)
    {
        foreach (byte[] resolver in _model.Resolvers)
        {
            if (destination.SequenceEqual(resolver))
            {
                int length = NamePacket.Answer(packet, ErrorSpace, _names);
                WriteToDevice(length);
                return true;
            }
        }

        return false;
    }

    private static bool TryReadAddresses(ReadOnlySpan<byte> packet, out ReadOnlySpan<byte> source, out ReadOnlySpan<byte> destination)
    {
        if (packet.Length >= 20 && (packet[0] >> 4) == 4)
        {
            source = packet.Slice(12, 4);
            destination = packet.Slice(16, 4);
            return true;
        }

        bool isIPv6 = packet.Length >= 40 && (packet[0] >> 4) == 6;
        source = isIPv6 ? packet.Slice(8, 16) : default;
        destination = isIPv6 ? packet.Slice(24, 16) : default;
        return isIPv6;
    }

    private static bool IsBareAcknowledgement(ReadOnlySpan<byte> packet) =>
        IpPacket.TryParse(packet, out IpPacket ip) && ip.Protocol == IpPacket.Tcp && ip.Payload.Length >= 20 && (ip.Payload[12] >> 4) * 4 == ip.Payload.Length;

    // ff00::/8, fe80::/10, 224.0.0.0/4 and 255.255.255.255.
    private static bool IsChatter(ReadOnlySpan<byte> destination) => destination.Length == 4
        ? destination[0] >= 224
        : destination[0] == 0xff || (destination[0] == 0xfe && (destination[1] & 0xc0) == 0x80);
}
