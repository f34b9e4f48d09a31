using System.Net;
using Net.Platform.Linux;
using Net.Platform.Linux.Relay;
using Net.Relay;

namespace Net.Worker.Relay;

/// <summary>Moves packets: takes a batch from a ring or socket, sorts it into runs of packets of one flow, and sends each run by each output, a run as one message where that can be, and all
/// messages of an interface with one system call. One thread uses it; a packet allocates nothing.</summary>
internal sealed partial class RelayEngine : IDisposable
{
    /// <summary>Frames of a batch.</summary>
    public const int BatchFrames = 128;

    // A frame may be of several flows, or stand for several datagrams: the batch is sent when this is full.
    private const int BatchItems = 512;

    // Rules that take one packet beyond these get none of it; the table says so.
    private const int MaxMatches = 64;

    // A message of less than a page, with the room drivers want before and behind it, lies in one piece in the kernel (packet_alloc_skb of net/packet/af_packet.c): splitting it copies small
    // payloads, which costs less than a reference to a page for each. Runs of larger ones would be too short for that.
    private const int PageBytes = 3_648;
    private const int SmallBytes = 128;

    private const int ScratchBytes = 256 * 1024;
    private const int GatherBufferBytes = 128 * 1024;
    private const int OversizeBytes = 66_048;

    private readonly BatchFrame[] _frames = new BatchFrame[BatchFrames];
    private readonly RunItem[] _items = new RunItem[BatchItems];
    private readonly FlowRun[] _runs = new FlowRun[BatchItems];
    private readonly List<PacketOutput> _packetQueue = new(64);
    private readonly List<UdpOutput> _udpQueue = new(64);
    private readonly List<FlowRuntime> _touched = new(256);
    private readonly NativeBuffer _scratch = new(ScratchBytes);
    private readonly NativeBuffer _oversize = new(OversizeBytes);
    private readonly NativeBuffer _gather = new(GatherBufferBytes);
    private readonly PacketMemory _gatherMemory;
    private readonly PacketMemory _scratchMemory;
    private readonly PacketMemory _oversizeMemory;
    private readonly int[] _matches = new int[MaxMatches];
    private UdpReceiveBatch? _udpBatch;
    private FlowSet _flows = new([], null, 0);
    private PacketView _lastView;
    private int _lastInterface;
    private RelayTable? _lastTable;
    private int _lastCount;
    private int _frameCount;
    private int _itemCount;
    private int _runCount;
    private int _scratchUsed;
    private int _gatherUsed;
    private long _batch;
    private long _now;

    /// <summary>Makes one without flows.</summary>
    public RelayEngine()
    {
        _gatherMemory = PacketMemory.Of(_gather);
        _scratchMemory = PacketMemory.Of(_scratch);
        _oversizeMemory = PacketMemory.Of(_oversize);
    }

    /// <summary>The flows in use.</summary>
    public FlowSet Flows => _flows;

    /// <summary>Frames and messages taken so far.</summary>
    public long Packets { get; private set; }

    /// <summary>Flows something was counted at since <see cref="ForgetTouched"/>.</summary>
    public List<FlowRuntime> Touched => _touched;

    /// <summary>Takes other flows over; between two batches. What was touched stays so in what follows it.</summary>
    /// <param name="flows">The flows.</param>
    public void Use(FlowSet flows)
    {
        FlowRuntime[] touched = [.. _touched];
        ForgetTouched();
        _flows = flows;
        _lastInterface = -1;
        _touched.EnsureCapacity(flows.ByNumber.Length);
        foreach (FlowRuntime old in touched)
        {
            if (flows.Flows.TryGetValue(new(old.State.Flow.RuleId, old.State.Flow.Input.InterfaceIndex), out FlowRuntime? runtime))
            {
                Touch(runtime);
            }
        }
    }

    /// <summary>Says that what was counted is reported.</summary>
    public void ForgetTouched()
    {
        foreach (FlowRuntime flow in _touched)
        {
            flow.IsTouched = false;
        }

        _touched.Clear();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _udpBatch?.Dispose();
        _gather.Dispose();
        _scratch.Dispose();
        _oversize.Dispose();
    }

    private void Touch(FlowRuntime flow)
    {
        if (!flow.IsTouched)
        {
            flow.IsTouched = true;
            _touched.Add(flow);
        }
    }

    private void Begin(long now)
    {
        _now = now;
        _batch++;
        _frameCount = 0;
        _itemCount = 0;
        _runCount = 0;
        _scratchUsed = 0;
        _gatherUsed = 0;
    }

    // Streams are made of packets that look alike: the answer for the last one is kept.
    private int Find(RelayTable table, int interfaceIndex, in PacketView view)
    {
        if (interfaceIndex == _lastInterface && ReferenceEquals(table, _lastTable) && view.DestinationPort == _lastView.DestinationPort && view.SourcePort == _lastView.SourcePort && view.Protocol == _lastView.Protocol
            && view.Destination == _lastView.Destination && view.Source == _lastView.Source)
        {
            return _lastCount;
        }

        _lastCount = table.Find(interfaceIndex, view, _matches);
        _lastView = view;
        _lastInterface = interfaceIndex;
        _lastTable = table;
        return _lastCount;
    }

    // The packets of one flow keep their order: one joins the flow's latest run or begins another.
    private void Append(FlowRuntime flow, int frame, PacketMemory payload, bool canJoin, int traceNumber)
    {
        int item = _itemCount++;
        _items[item] = new RunItem { Payload = payload, Frame = frame, Next = -1, TraceNumber = traceNumber };
        if (canJoin && flow.Batch == _batch && TryJoin(ref _runs[flow.OpenRun], frame, item, payload.Length))
        {
            return;
        }

        flow.Batch = _batch;
        flow.OpenRun = _runCount;
        _runs[_runCount++] = new FlowRun
        {
            Flow = flow,
            First = item,
            Last = item,
            Count = 1,
            PayloadBytes = payload.Length,
            SegmentBytes = payload.Length,
            IsClosed = !canJoin,
            Together = payload,
        };
    }

    private bool TryJoin(ref FlowRun run, int frame, int item, int payloadBytes)
    {
        int most = run.SegmentBytes <= SmallBytes ? PageBytes : PacketSender.MaxFrameBytes - PacketSender.MaxHeaderBytes;
        if (run.IsClosed || payloadBytes > run.SegmentBytes || run.Count >= PacketSender.MaxSegments || run.PayloadBytes + payloadBytes > most)
        {
            return false;
        }

        int first = _items[run.First].Frame;
        if (first != frame && !HaveLikeHeaders(_frames[first].View, _frames[frame].View))
        {
            return false;
        }

        // What the kernel joined lies together already.
        PacketMemory payload = _items[item].Payload;
        run.Together = run.Together.Length == run.PayloadBytes && run.Together.IsFollowedBy(payload) ? run.Together.WithTail(payload) : default;
        _items[run.Last].Next = item;
        run.Last = item;
        run.Count++;
        run.PayloadBytes += payloadBytes;
        run.IsClosed = payloadBytes < run.SegmentBytes;
        return true;
    }

    private static bool HaveLikeHeaders(in PacketView first, in PacketView other) =>
        first.SourcePort == other.SourcePort && first.DestinationPort == other.DestinationPort && first.Ttl == other.Ttl && first.TrafficClass == other.TrafficClass
        && first.Source == other.Source && first.Destination == other.Destination;

    // Only while a trace runs.
    private void Trace(FlowRuntime flow, int number, in PacketView view, int output, int interfaceIndex, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> rest, RelayDrop? drop)
    {
        RelayTarget? target = output >= 0 ? flow.Outputs[output].Target : null;
        IPAddress source = target is { SourceMode: not SourceMode.Keep, Source: { } own } ? own : view.Source.ToIPAddress();
        IPAddress destination = target?.Destination ?? view.Destination.ToIPAddress();
        int sourcePort = target is { SourcePort: not 0 } ? target.SourcePort : view.SourcePort;
        int port = target is { Port: not 0 } ? target.Port : view.DestinationPort;
        flow.Trace!.Add(number, _now, output, interfaceIndex, new IPEndPoint(source, sourcePort), new IPEndPoint(destination, port), headers, rest, drop);
    }
}
