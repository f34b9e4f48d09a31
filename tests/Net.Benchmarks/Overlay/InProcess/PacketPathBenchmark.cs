using System.Buffers.Binary;
using System.Diagnostics;
using Net.Benchmarks.Core;
using Net.Benchmarks.Harness;
using Net.Overlay.Flows;
using Net.Overlay.Policy;
using Net.Overlay.Routing;
using Net.Packets;
using Net.Platform.Linux;

namespace Net.Benchmarks.Overlay;

/// <summary>The worker's way of a packet without system calls, both ends on one thread: a TUN read of many TCP segments, lookup, policy, segmentation, QUIC, decryption,
/// source check, policy, coalescing, a TUN write that goes nowhere. What it allocates, and how long it takes.</summary>
internal sealed class PacketPathBenchmark : IBenchmark
{
    private const string Allocated = "allocated over 10,000,000 packets, both ends";
    private const string PerPacket = "packet path without system calls, both ends on one core";
    private const long Packets = 10_000_000;
    private const int WarmUp = 400_000;

    // What fits a read of 64 KB: IPv4 and TCP without options.
    private const int Segments = 44;
    private const int HeaderBytes = 40;
    private const int SegmentBytes = 1380 - HeaderBytes;

    // linux/virtio_net.h
    private const byte NeedsChecksum = 1;
    private const byte GsoTcp4 = 1;

    private static readonly byte[] Source = [100, 64, 0, 1];
    private static readonly byte[] Destination = [100, 64, 0, 2];

    private Dictionary<string, double>? _measured;
    private QuicCredentials? _clientKey;
    private QuicCredentials? _serverKey;

    public IReadOnlyList<BenchmarkCase> Cases { get; } =
    [
        new(Areas.Overlay, Allocated, "bytes", Better.Lower) { Target = BenchmarkTarget.Value(0) },
        new(Areas.Overlay, PerPacket, "ns", Better.Lower),
    ];

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        _clientKey = SessionPair.NewKey();
        _serverKey = SessionPair.NewKey();
        return Task.CompletedTask;
    }

    // Ten million packets are long enough for one round.
    public Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, double>>(_measured ??= Measure(cancellationToken));

    public Task<IReadOnlyDictionary<string, double>> MeasurePeerAsync(CancellationToken cancellationToken) =>
        throw new PeerUnavailableException("there is no peer for these");

    public ValueTask DisposeAsync()
    {
        _clientKey?.Dispose();
        _serverKey?.Dispose();
        return ValueTask.CompletedTask;
    }

    private Dictionary<string, double> Measure(CancellationToken cancellationToken)
    {
        PolicySet policy = PolicySet.Compile([new PolicyRule { Id = "all", Allow = true }], [], DateTimeOffset.UnixEpoch);
        RoutingTable left = RoutingTable.Build([Route(Destination, 0), Route(Source, RoutingTable.LocalNode)]);
        RoutingTable right = RoutingTable.Build([Route(Source, 0), Route(Destination, RoutingTable.LocalNode)]);
        var receiver = new ReceivingEnd(_clientKey!.PublicKey, right, policy);
        using var pair = new SessionPair(_clientKey, _serverKey!, new QuicOptions(), new SessionEnd(1, _serverKey!.PublicKey), receiver);
        pair.Connect();
        var gate = new FlowGate(1 << 12, seed: 1);
        byte[] buffer = new byte[PacketSegmenter.BufferBytes];
        uint sequence = 1;
        Run(WarmUp);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long receivedBefore = receiver.Count;
        long start = Stopwatch.GetTimestamp();
        Run(Packets);
        double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        if (receiver.Count - receivedBefore < Packets || receiver.Refused > 0)
        {
            throw new InvalidOperationException($"{receiver.Count - receivedBefore} packets arrived, {receiver.Refused} were refused");
        }

        return new Dictionary<string, double> { [Allocated] = bytes, [PerPacket] = nanoseconds / Packets };

        void Run(long wanted)
        {
            for (long sent = 0; sent < wanted;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Span<byte> read = MakeRead(buffer, sequence);
                sequence += Segments * SegmentBytes;
                sent += SendRead(pair, gate, policy, left, read);
                receiver.Flush();
                pair.Move();
            }
        }
    }

    private static int SendRead(SessionPair pair, FlowGate gate, PolicySet policy, RoutingTable routes, Span<byte> read)
    {
        ReadOnlySpan<byte> packet = read[PacketSegmenter.HeaderBytes..];
        int peer = routes.Lookup(packet.Slice(16, 4));
        PacketSegmenter segmenter = default;
        if (peer < 0 || gate.Check(packet, RoutingTable.LocalNode, peer, pair.Now, policy, Segments) != FlowVerdict.Allow || !segmenter.Begin(read))
        {
            throw new InvalidOperationException("the packet was refused");
        }

        int sent = 0;
        while (segmenter.TryPeek(out ReadOnlySpan<byte> head, out ReadOnlySpan<byte> body))
        {
            while (!pair.Send(head, body))
            {
                pair.Move();
                if (!pair.Send(head, body))
                {
                    pair.Wait();
                    continue;
                }

                break;
            }

            segmenter.Advance();
            sent++;
        }

        return sent;
    }

    private static OverlayRoute Route(byte[] address, int peer) =>
        new(new OverlayPrefix(address, 32), peer < 0 ? RouteOwner.Local : RouteOwner.Node, peer, 100, IsHealthy: true, "bench", "bench");

    // What the kernel gives: one packet of many segments whose checksum is to be completed.
    private static Span<byte> MakeRead(byte[] buffer, uint sequence)
    {
        const int vnet = PacketSegmenter.HeaderBytes;
        const int length = HeaderBytes + (Segments * SegmentBytes);
        Span<byte> header = buffer.AsSpan(0, vnet);
        header[0] = NeedsChecksum;
        header[1] = GsoTcp4;
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], HeaderBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], SegmentBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 20);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], 16);
        Span<byte> packet = buffer.AsSpan(vnet, length);
        Span<byte> ip = packet[..20];
        ip.Clear();
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)length);
        ip[6] = 0x40;
        ip[8] = 64;
        ip[9] = 6;
        Source.CopyTo(ip[12..]);
        Destination.CopyTo(ip[16..]);
        PacketChecksum.Write(ip.Slice(10, 2), PacketChecksum.Sum(ip));
        Span<byte> tcp = packet.Slice(20, 20);
        tcp.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(tcp, 40_000);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], 5_201);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], 1);
        tcp[12] = 0x50;
        tcp[13] = 0x10;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], 512);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], PacketChecksum.Fold(PacketChecksum.PseudoHeader(ip[12..20], 6, length - 20)));
        return buffer.AsSpan(0, vnet + length);
    }

    private sealed class ReceivingEnd(byte[] trusted, RoutingTable routes, PolicySet policy) : SessionEnd(2, trusted)
    {
        private readonly FlowGate _gate = new(1 << 12, seed: 2);
        private readonly PacketCoalescer _coalescer = new(new Nowhere(), tso: true, uso: true);

        public long Count { get; private set; }

        public long Refused { get; private set; }

        public override void DatagramReceived(ReadOnlySpan<byte> data)
        {
            Count++;
            if (routes.Owns(0, data.Slice(12, 4)) && _gate.Check(data, 0, RoutingTable.LocalNode, 1, policy) == FlowVerdict.Allow)
            {
                _coalescer.Push(data);
            }
            else
            {
                Refused++;
            }
        }

        public void Flush() => _coalescer.Flush();
    }

    private sealed class Nowhere : ITunnelWriter
    {
        public bool Write(ReadOnlySpan<byte> packetWithVnetHeader) => true;
    }
}
