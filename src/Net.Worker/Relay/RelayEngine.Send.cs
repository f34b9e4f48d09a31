using Net.Platform.Linux;
using Net.Platform.Linux.Relay;
using Net.Relay;

namespace Net.Worker.Relay;

/// <content>What goes out: each run by each output of its flow.</content>
internal sealed partial class RelayEngine
{
    // Copying a small payload once costs less than the kernel's work for one more part of a message, for each output.
    private const int GatherBytes = 512;

    // A failure comes back with the number of its flow and the index of its output.
    private const int OutputBits = 6;

    private void SendAll()
    {
        FlushRuns();
        _frameCount = 0;
    }

    // Payloads are read from the frames by these flushes, so afterwards the frames may go back to the kernel.
    private void FlushRuns()
    {
        for (int run = 0; run < _runCount; run++)
        {
            Send(ref _runs[run]);
        }

        FlushSenders();
        _batch++;
        _itemCount = 0;
        _runCount = 0;
        _scratchUsed = 0;
        _gatherUsed = 0;
    }

    private void Send(ref FlowRun run)
    {
        FlowOutput[] outputs = run.Flow.Outputs;
        for (int index = 0; index < outputs.Length; index++)
        {
            FlowOutput output = outputs[index];
            if (output.Udp is not null)
            {
                SendByUdp(run, output, index);
            }
            else if (output.Packet is not null && !_frames[_items[run.First].Frame].IsPayloadOnly)
            {
                SendByFrames(ref run, output, index);
            }
            else
            {
                Drop(run, index, RelayDrop.NoOutput, run.First, run.Count);
            }
        }
    }

    private void SendByFrames(ref FlowRun run, FlowOutput output, int index)
    {
        ref BatchFrame frame = ref _frames[_items[run.First].Frame];
        Span<byte> buffer = frame.Memory.Span;
        if (!RelayRewriter.TryRewrite(buffer, frame.View, run.Flow.State.Rewrite(index), out RelayFrame rewritten, out RelayDrop reason))
        {
            Drop(run, index, reason, run.First, run.Count);
            return;
        }

        if (rewritten.IsOversize)
        {
            SendFragments(run, output, index);
        }
        else if (run.Count > 1 && output.Packet!.CanSplit)
        {
            SendSplit(ref run, output, index, frame, rewritten);
        }
        else
        {
            SendSingles(run, output, index);
        }
    }

    // The whole run as one frame, which the kernel or the interface splits.
    private void SendSplit(ref FlowRun run, FlowOutput output, int index, in BatchFrame frame, RelayFrame rewritten)
    {
        int headBytes = frame.View.PayloadOffset - frame.View.NetworkOffset;
        bool isTogether = !output.IsLimited && (run.Together.Length > 0 || (run.SegmentBytes <= GatherBytes && TryGather(ref run)));
        PacketSender sender = Room(output.Packet!, isTogether ? 1 : run.Count);
        int headerBytes = frame.View.PayloadOffset - rewritten.Offset;
        Span<byte> header = sender.Begin(headerBytes);
        frame.Memory.Span.Slice(rewritten.Offset, headerBytes).CopyTo(header);
        int packets = run.Count;
        int payloadBytes = run.PayloadBytes;
        if (isTogether)
        {
            sender.AddPayload(run.Together);
        }
        else
        {
            AddParts(run, output, index, sender, headBytes, out packets, out payloadBytes);
        }

        if (packets == 0)
        {
            sender.Cancel();
            return;
        }

        RelayRewriter.WriteOffload(header[(rewritten.NetworkOffset - rewritten.Offset)..], frame.View, payloadBytes);
        int udpOffset = frame.View.TransportOffset - rewritten.Offset;
        if (packets > 1)
        {
            sender.Split(udpOffset, run.SegmentBytes);
        }
        else
        {
            sender.CompleteChecksum(udpOffset);
        }

        int bytes = payloadBytes + (packets * headBytes);
        sender.End(TagOf(run.Flow, index), packets, bytes);
        run.Flow.State.CountSent(index, packets, bytes, _now);
        TraceRun(run, output, index, header);
    }

    private void AddParts(in FlowRun run, FlowOutput output, int index, PacketSender sender, int headBytes, out int packets, out int payloadBytes)
    {
        packets = 0;
        payloadBytes = 0;
        PacketMemory part = default;
        for (int at = run.First; at >= 0; at = _items[at].Next)
        {
            PacketMemory payload = _items[at].Payload;
            if (output.IsLimited && !run.Flow.State.TryAdmitOutput(index, headBytes + payload.Length, _now, out RelayDrop reason))
            {
                TraceOut(run, output, index, at, reason);
                continue;
            }

            packets++;
            payloadBytes += payload.Length;
            if (packets == 1)
            {
                part = payload;
            }
            else if (part.IsFollowedBy(payload))
            {
                part = part.WithTail(payload);
            }
            else
            {
                sender.AddPayload(part);
                part = payload;
            }
        }

        if (packets > 0)
        {
            sender.AddPayload(part);
        }
    }

    // In memory of its own, as the scratch memory of fragments is used again within a run. Without room the parts are given as they lie.
    private bool TryGather(ref FlowRun run)
    {
        if (_gatherUsed + run.PayloadBytes > _gatherMemory.Length)
        {
            return false;
        }

        PacketMemory place = _gatherMemory.Slice(_gatherUsed, run.PayloadBytes);
        Span<byte> rest = place.Span;
        for (int at = run.First; at >= 0; at = _items[at].Next)
        {
            ReadOnlySpan<byte> payload = _items[at].Payload.Span;
            payload.CopyTo(rest);
            rest = rest[payload.Length..];
        }

        _gatherUsed += run.PayloadBytes;
        run.Together = place;
        return true;
    }

    // Each packet by itself, as what leaves has no checksum, options, or a size of its own.
    private void SendSingles(in FlowRun run, FlowOutput output, int index)
    {
        for (int at = run.First; at >= 0; at = _items[at].Next)
        {
            ref BatchFrame frame = ref _frames[_items[at].Frame];
            PacketMemory payload = _items[at].Payload;
            if (!RelayRewriter.TryRewrite(frame.Memory.Span, frame.View, run.Flow.State.Rewrite(index), out RelayFrame rewritten, out RelayDrop reason))
            {
                Drop(run, index, reason, at, 1);
                continue;
            }

            int headBytes = frame.View.PayloadOffset - frame.View.NetworkOffset;
            int bytes = headBytes + payload.Length;
            if (output.IsLimited && !run.Flow.State.TryAdmitOutput(index, bytes, _now, out reason))
            {
                TraceOut(run, output, index, at, reason);
                continue;
            }

            PacketSender sender = Room(output.Packet!, 1);
            int headerBytes = frame.View.PayloadOffset - rewritten.Offset;
            Span<byte> header = sender.Begin(headerBytes);
            frame.Memory.Span.Slice(rewritten.Offset, headerBytes).CopyTo(header);
            if (payload.Length > 0)
            {
                sender.AddPayload(payload);
            }

            if (frame.NeedsOffload && frame.View.Protocol == RelayProtocol.Udp)
            {
                RelayRewriter.WriteOffload(header[(rewritten.NetworkOffset - rewritten.Offset)..], frame.View, payload.Length);
                sender.CompleteChecksum(frame.View.TransportOffset - rewritten.Offset);
            }

            sender.End(TagOf(run.Flow, index), 1, bytes);
            run.Flow.State.CountSent(index, 1, bytes, _now);
            if (run.Flow.Trace is not null)
            {
                Trace(run.Flow, _items[at].TraceNumber, frame.View, index, output.Target.InterfaceIndex, header, payload.Span, null);
            }
        }
    }

    // Fragments are written whole into memory of their own: link and IP header of each differ.
    private void SendFragments(in FlowRun run, FlowOutput output, int index)
    {
        for (int at = run.First; at >= 0; at = _items[at].Next)
        {
            ref BatchFrame source = ref _frames[_items[at].Frame];
            PacketView view = source.View;
            Span<byte> buffer = source.NeedsOffload ? Materialize(source, _items[at].Payload, ref view) : source.Memory.Span;
            if (!RelayRewriter.TryRewrite(buffer, view, run.Flow.State.Rewrite(index), out RelayFrame rewritten, out RelayDrop reason))
            {
                Drop(run, index, reason, at, 1);
                continue;
            }

            if (output.IsLimited && !run.Flow.State.TryAdmitOutput(index, view.PacketBytes, _now, out reason))
            {
                TraceOut(run, output, index, at, reason);
                continue;
            }

            var fragments = new RelayFragmenter(buffer, rewritten, view, output.Target.MtuBytes, run.Flow.State.NextIdentification(index));
            int bytes = view.PacketBytes;
            int packets = 1;
            int frameBytes = output.Target.MtuBytes + PacketSender.MaxHeaderBytes;
            while (true)
            {
                PacketMemory place = Scratch(frameBytes);
                if (!fragments.TryWriteNext(place.Span, out int written))
                {
                    break;
                }

                _scratchUsed += written;
                PacketSender sender = Room(output.Packet!, 1);
                _ = sender.Begin(0);
                sender.AddPayload(place.Slice(0, written));

                // The packet is counted with its first fragment.
                sender.End(TagOf(run.Flow, index), packets, bytes);
                bytes = 0;
                packets = 0;
            }

            run.Flow.State.CountSent(index, 1, view.PacketBytes, _now);
            TraceOut(run, output, index, at, null);
        }
    }

    private void SendByUdp(in FlowRun run, FlowOutput output, int index)
    {
        ref BatchFrame frame = ref _frames[_items[run.First].Frame];
        RelayTarget target = output.Target;
        int headBytes = (frame.View.IsIPv6 ? IPv6HeaderBytes : IPv4HeaderBytes) + RelayParser.UdpBytes;
        bool isOversize = headBytes + run.SegmentBytes > target.MtuBytes;
        if (FindUdpDrop(frame.View, target, isOversize) is { } refusal)
        {
            Drop(run, index, refusal, run.First, run.Count);
            return;
        }

        UdpOutput udp = output.Udp!;
        bool isSplit = run.Count > 1 && udp.CanSplit && !isOversize;
        if (isSplit && run.Together.Length > 0 && !output.IsLimited && !target.IsPaused)
        {
            UdpSender whole = Room(udp, 1);
            BeginUdp(whole, udp, output, frame.View);
            whole.Split(run.SegmentBytes);
            EndUdp(run.Flow, index, whole, run.Together, run.Count, run.PayloadBytes, headBytes);
            TraceRun(run, output, index, default);
            return;
        }

        int packets = 0;
        int payloadBytes = 0;
        UdpSender? sender = null;
        PacketMemory part = default;
        for (int at = run.First; at >= 0; at = _items[at].Next)
        {
            PacketMemory payload = _items[at].Payload;
            if (frame.View.PayloadBytes < payload.Length && !frame.IsPayloadOnly && !frame.NeedsOffload)
            {
                // Behind the datagram IP carried more, which no socket sends.
                payload = payload.Slice(0, frame.View.PayloadBytes);
            }

            if ((output.IsLimited || target.IsPaused) && !run.Flow.State.TryAdmitOutput(index, headBytes + payload.Length, _now, out RelayDrop reason))
            {
                TraceOut(run, output, index, at, reason);
                continue;
            }

            if (sender is null)
            {
                sender = Room(udp, isSplit ? run.Count : 1);
                BeginUdp(sender, udp, output, frame.View);
            }
            else if (!isSplit)
            {
                EndUdp(run.Flow, index, sender, part, packets, payloadBytes, headBytes);
                sender = Room(udp, 1);
                BeginUdp(sender, udp, output, frame.View);
                packets = 0;
                payloadBytes = 0;
            }
            else if (part.IsFollowedBy(payload))
            {
                part = part.WithTail(payload);
                packets++;
                payloadBytes += payload.Length;
                continue;
            }
            else
            {
                sender.AddPayload(part);
            }

            part = payload;
            packets++;
            payloadBytes += payload.Length;
        }

        if (sender is not null)
        {
            if (packets > 1)
            {
                sender.Split(run.SegmentBytes);
            }

            EndUdp(run.Flow, index, sender, part, packets, payloadBytes, headBytes);
            TraceRun(run, output, index, default);
        }
    }

    private static RelayDrop? FindUdpDrop(in PacketView view, RelayTarget target, bool isOversize) =>
        view.Protocol != RelayProtocol.Udp ? RelayDrop.NoOutput
        : target.Ttl is null && view.Ttl <= 1 ? RelayDrop.Ttl
        : isOversize && target.Oversize == OversizeAction.Drop ? RelayDrop.TooBig
        : null;

    private void BeginUdp(UdpSender sender, UdpOutput udp, FlowOutput output, in PacketView view)
    {
        if (udp.IsConnected)
        {
            sender.Begin();
            return;
        }

        if (!output.Endpoint.IsEmpty)
        {
            sender.Begin(output.Endpoint);
            return;
        }

        Span<byte> bytes = stackalloc byte[16];
        RelayAddress destination = output.Target.Destination is { } fixedAddress ? RelayAddress.From(fixedAddress) : view.Destination;
        Span<byte> address = destination.IsIPv4 ? bytes[..4] : bytes;
        destination.Write(address);
        ushort port = output.Target.Port != 0 ? output.Target.Port : view.DestinationPort;
        sender.Begin(SocketEndpoint.From(address, port, destination.IsIPv4 ? 0 : output.Target.InterfaceIndex));
    }

    private void EndUdp(FlowRuntime flow, int index, UdpSender sender, PacketMemory part, int packets, int payloadBytes, int headBytes)
    {
        sender.AddPayload(part);
        int bytes = payloadBytes + (packets * headBytes);
        sender.End(TagOf(flow, index), packets, bytes);
        flow.State.CountSent(index, packets, bytes, _now);
    }

    // A datagram that is a part of a larger frame, or one without its checksum, becomes a frame of its own.
    private Span<byte> Materialize(in BatchFrame source, PacketMemory payload, ref PacketView view)
    {
        int headerBytes = view.PayloadOffset;
        PacketMemory place = Scratch(headerBytes + payload.Length);
        _scratchUsed += headerBytes + payload.Length;
        Span<byte> buffer = place.Span;
        source.Memory.Span[..headerBytes].CopyTo(buffer);
        payload.Span.CopyTo(buffer[headerBytes..]);
        view = WithPayload(view, payload.Length);
        RelayRewriter.WriteOffload(buffer[view.NetworkOffset..], view, payload.Length);
        RelayRewriter.CompleteChecksum(buffer, view);
        return buffer;
    }

    private PacketMemory Scratch(int bytes)
    {
        if (_scratchUsed + bytes > _scratchMemory.Length)
        {
            FlushSenders();
            _scratchUsed = 0;
        }

        return _scratchMemory.Slice(_scratchUsed, bytes);
    }

    private PacketSender Room(PacketOutput output, int parts)
    {
        if (!output.Sender.HasRoom(parts))
        {
            Flush(output);
        }

        if (!output.IsQueued)
        {
            output.IsQueued = true;
            _packetQueue.Add(output);
        }

        return output.Sender;
    }

    private UdpSender Room(UdpOutput output, int parts)
    {
        if (!output.Sender.HasRoom(parts))
        {
            Flush(output);
        }

        if (!output.IsQueued)
        {
            output.IsQueued = true;
            _udpQueue.Add(output);
        }

        return output.Sender;
    }

    private void FlushSenders()
    {
        foreach (PacketOutput output in _packetQueue)
        {
            output.IsQueued = false;
            Flush(output);
        }

        _packetQueue.Clear();
        foreach (UdpOutput output in _udpQueue)
        {
            output.IsQueued = false;
            Flush(output);
        }

        _udpQueue.Clear();
    }

    private void Flush(PacketOutput output)
    {
        foreach (ref readonly SendFailure failure in output.Sender.Flush())
        {
            CountFailure(failure);
            output.CanSplit &= !failure.IsSplitRefused;
        }
    }

    private void Flush(UdpOutput output)
    {
        foreach (ref readonly SendFailure failure in output.Sender.Flush())
        {
            CountFailure(failure);
            output.CanSplit &= !failure.IsSplitRefused;
        }
    }

    // What was counted as sent was not after all.
    private void CountFailure(in SendFailure failure)
    {
        FlowRuntime flow = _flows.ByNumber[failure.Tag >> OutputBits];
        int output = failure.Tag & ((1 << OutputBits) - 1);
        RelayDrop reason = failure.IsQueueFull ? RelayDrop.Queue
            : failure.IsInterfaceDown ? RelayDrop.InterfaceDown
            : failure.IsTooBig ? RelayDrop.TooBig
            : RelayDrop.NoOutput;
        flow.State.CountSent(output, -failure.Packets, -failure.Bytes, _now);
        flow.State.CountDrop(output, reason, failure.Packets);
    }

    private void Drop(in FlowRun run, int index, RelayDrop reason, int first, int packets)
    {
        run.Flow.State.CountDrop(index, reason, packets);
        if (run.Flow.Trace is null)
        {
            return;
        }

        int left = packets;
        for (int at = first; at >= 0 && left > 0; at = _items[at].Next, left--)
        {
            TraceOut(run, run.Flow.Outputs[index], index, at, reason);
        }
    }

    private static int TagOf(FlowRuntime flow, int output) => (flow.Number << OutputBits) | output;

    private void TraceRun(in FlowRun run, FlowOutput output, int index, ReadOnlySpan<byte> header)
    {
        if (run.Flow.Trace is null)
        {
            return;
        }

        for (int at = run.First; at >= 0; at = _items[at].Next)
        {
            Trace(run.Flow, _items[at].TraceNumber, _frames[_items[run.First].Frame].View, index, output.Target.InterfaceIndex, header, _items[at].Payload.Span, null);
        }
    }

    private void TraceOut(in FlowRun run, FlowOutput output, int index, int item, RelayDrop? reason)
    {
        if (run.Flow.Trace is not null)
        {
            Trace(run.Flow, _items[item].TraceNumber, _frames[_items[item].Frame].View, index, output.Target.InterfaceIndex, default, _items[item].Payload.Span, reason);
        }
    }
}
