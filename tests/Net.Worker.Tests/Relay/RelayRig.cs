using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Net.Platform;
using Net.Platform.Linux;
using Net.Platform.Linux.Relay;
using Net.Platform.Tests;
using Net.Relay;
using Net.Worker.Tests.Support;
using Net.Workers;
using Net.Workers.Relay;

namespace Net.Worker.Tests.Relay;

/// <summary>Three namespaces in a row: a source (10.9.0.1), a relay with an input (10.9.0.2) and outputs (10.9.10.1, 10.9.11.1, ...), and a sink at their other ends
/// (10.9.10.2, ...). The test is the engine of a worker in the middle.</summary>
internal sealed class RelayRig : IDisposable
{
    public const string Group = "239.1.1.1";

    private const int RingId = 1;
    private const int FirstSenderId = 100;
    private readonly List<SafeHandle> _kept = [];
    private readonly List<IDisposable> _owned = [];
    private readonly List<SafeHandle> _handles = [];
    private int _nextId = 1_000;

    public RelayRig(int outputs = 1, int mtu = 1500)
    {
        TestNamespace.SkipUnlessPossible();
        Source = new TestNamespace();
        Relay = new TestNamespace();
        Sink = new TestNamespace();
        Source.Connect("g0", Relay, "i0");
        Source.Ip("addr add 10.9.0.1/24 dev g0");
        Source.Ip("addr add fd09::1/64 dev g0 nodad");
        Relay.Ip("addr add 10.9.0.2/24 dev i0");
        Relay.Ip("addr add fd09::2/64 dev i0 nodad");
        for (int output = 0; output < outputs; output++)
        {
            Relay.Connect($"o{output}", Sink, $"s{output}");
            Relay.Ip($"link set o{output} mtu {mtu}");
            Relay.Ip($"addr add 10.9.{10 + output}.1/24 dev o{output}");
            Sink.Ip($"addr add 10.9.{10 + output}.2/24 dev s{output}");
            Relay.Ip($"addr add fd09:{output + 1}::1/64 dev o{output} nodad");
            Sink.Ip($"addr add fd09:{output + 1}::2/64 dev s{output} nodad");
        }

        InputIndex = IndexOf(Relay, "i0");
        OutputIndexes = [.. Enumerable.Range(0, outputs).Select(output => IndexOf(Relay, $"o{output}"))];
        OutputMacs = [.. Enumerable.Range(0, outputs).Select(output => MacOf(Relay, $"o{output}"))];
        SinkMacs = [.. Enumerable.Range(0, outputs).Select(output => MacOf(Sink, $"s{output}"))];
        Ring = Relay.In(() => PacketRing.Open(new PacketRingOptions { InterfaceIndex = InputIndex, RingBytes = 4 << 20, AcceptUnicast = true }, out _layout));
        _owned.Add(Ring);
        Senders = [.. OutputIndexes.Select(index => Relay.In(() => PacketSender.Open(index)))];
        _owned.AddRange(Senders);
    }

    private PacketRingLayout _layout;

    public TestNamespace Source { get; }

    public TestNamespace Relay { get; }

    public TestNamespace Sink { get; }

    public int InputIndex { get; }

    public int[] OutputIndexes { get; }

    public byte[][] OutputMacs { get; }

    public byte[][] SinkMacs { get; }

    public SafeHandle Ring { get; }

    public SafeHandle[] Senders { get; }

    public SpawnedProcess Process { get; private set; } = null!;

    public WorkerInbox Inbox { get; private set; } = null!;

    public static int IndexOf(TestNamespace where, string link) => LinkOf(where, link).Index;

    /// <summary>A flow from the input to outputs 0 to the number of targets given.</summary>
    public RelayFlow Flow(int ruleId, ushort port, params RelayTarget[] targets) => new()
    {
        RuleId = ruleId,
        Input = new RelayInput { InterfaceIndex = InputIndex, Destination = AddressPrefix.Parse(Group), PortFrom = port, PortTo = port },
        Targets = targets,
    };

    /// <summary>A target to group 239.2.2.(output + 1), port 6001 + output, with the interface's source and TTL 8.</summary>
    public RelayTarget Target(int output) => new()
    {
        InterfaceIndex = OutputIndexes[output],
        MtuBytes = 1500,
        SourceMac = OutputMacs[output],
        Destination = IPAddress.Parse($"239.2.2.{output + 1}"),
        Port = (ushort)(6001 + output),
        Ttl = 8,
        SourceMode = SourceMode.Interface,
        Source = IPAddress.Parse($"10.9.{10 + output}.1"),
    };

    public static RelayAssignment[] ByFrames(params RelayFlow[] flows) => [.. flows.Select(flow => new RelayAssignment { Flow = flow })];

    /// <summary>Starts a worker with the ring and a sender per output.</summary>
    public void Start(params RelayFlow[] flows) => Start(ByFrames(flows), null);

    public void Start(RelayAssignment[] flows, Action<List<RelayUdpInput>, List<RelayUdpOutput>>? addSockets)
    {
        _handles.Clear();
        _handles.Add(Ring);
        _handles.AddRange(Senders);
        var receivers = new List<RelayUdpInput>();
        var senders = new List<RelayUdpOutput>();
        addSockets?.Invoke(receivers, senders);
        (DescriptorChannel ours, SafeHandle theirs) = DescriptorChannel.CreatePair();
        Process = WorkerProcess.Start(Path.Combine(AppContext.BaseDirectory, "netmod-worker"), ["relay"], null, null, theirs);
        theirs.Dispose();
        Inbox?.Dispose();
        Inbox = new WorkerInbox("relay", new WorkerChannel(ours));
        var start = new StartRelay
        {
            WorkerIndex = 0,
            WorkerCount = 1,
            Flows = flows,
            ReportInterval = TimeSpan.FromMilliseconds(50),
            Descriptors = new RelayDescriptors
            {
                Rings = [new RelayRing(RingId, InputIndex, 0, _layout.BlockBytes, _layout.BlockCount, _layout.FrameBytes)],
                PacketSenders = [.. OutputIndexes.Select((index, place) => new RelayPacketOutput(FirstSenderId + place, index, 1 + place))],
                UdpReceivers = [.. receivers],
                UdpSenders = [.. senders],
            },
        };
        Inbox.Send(start, [.. _handles]);
        Inbox.WaitFor<RelayReady>();
    }

    /// <summary>Waits until the worker's process is gone.</summary>
    public ProcessEnd WaitForEnd()
    {
        Assert.True(Process.Ended.Wait(Bounds.Wait), $"the worker's process did not end; {Inbox.Describe()}");
        return Process.Ended.Result;
    }

    /// <summary>Adds a descriptor to the message in the making.</summary>
    public int Hand(SafeHandle handle)
    {
        _kept.Add(handle);
        _handles.Add(handle);
        return _handles.Count - 1;
    }

    public int NextId() => _nextId++;

    /// <summary>The sum of a rule's counters as the last reports tell them.</summary>
    public RelayCounters WaitForCounters(int ruleId, int output, Func<RelayCounters, bool> isIt, string what)
    {
        RelayCounters? found = null;
        Inbox.WaitFor<RelayReport>(report => (found = report.Counters.FirstOrDefault(one => one.RuleId == ruleId && one.Output == output && isIt(one))) is not null, what);
        return found!;
    }

    public RelayCounters WaitForDrops(int ruleId, int output, RelayDrop reason, long count) =>
        WaitForCounters(ruleId, output, counters => counters.Drops.Length > 0 && counters.Drops[(int)reason] == count, $"{count} drops for {reason} at output {output}");

    /// <summary>A socket that sends from the source, as an application does.</summary>
    public Socket OpenSource(AddressFamily family = AddressFamily.InterNetwork)
    {
        int index = IndexOf(Source, "g0");
        Socket socket = Source.In(() =>
        {
            var made = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
            if (family == AddressFamily.InterNetwork)
            {
                made.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.HostToNetworkOrder(index));
                made.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, 16);
                made.Bind(new IPEndPoint(IPAddress.Parse("10.9.0.1"), 40_000));
            }
            else
            {
                made.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, index);
                made.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, 16);
                made.Bind(new IPEndPoint(IPAddress.Parse("fd09::1"), 40_000));
            }

            return made;
        });
        _owned.Add(socket);
        return socket;
    }

    /// <summary>A socket in the sink that is a member of a group, or receives unicast.</summary>
    public Socket OpenSink(int output, string address, int port)
    {
        int index = IndexOf(Sink, $"s{output}");
        Socket socket = Sink.In(() =>
        {
            IPAddress group = IPAddress.Parse(address);
            var made = new Socket(group.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)Bounds.Wait.TotalMilliseconds, ReceiveBufferSize = 8 << 20 };
            made.Bind(new IPEndPoint(group, port));
            if (group.AddressFamily == AddressFamily.InterNetworkV6)
            {
                if (group.IsIPv6Multicast)
                {
                    made.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.AddMembership, new IPv6MulticastOption(group, index));
                }
            }
            else if (group.GetAddressBytes()[0] >= 224)
            {
                made.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(group, index));
            }

            return made;
        });
        _owned.Add(socket);
        return socket;
    }

    /// <summary>Frames as they arrive at an end of the sink.</summary>
    public FrameTap OpenTap(int output)
    {
        var tap = new FrameTap(Sink, $"s{output}");
        _owned.Add(tap);
        return tap;
    }

    /// <summary>Sends frames from the source, byte for byte.</summary>
    public FrameSender OpenFrames()
    {
        var sender = new FrameSender(Source, "g0");
        _owned.Add(sender);
        return sender;
    }

    public void Dispose()
    {
        Process?.Dispose();
        Inbox?.Dispose();
        _owned.ForEach(one => one.Dispose());
        _kept.ForEach(one => one.Dispose());
        Source.Dispose();
        Relay.Dispose();
        Sink.Dispose();
    }

    private static byte[] MacOf(TestNamespace where, string link) => LinkOf(where, link).HardwareAddress!.GetAddressBytes();

    private static LinkInfo LinkOf(TestNamespace where, string link)
    {
        using NetworkMonitor monitor = where.In(() => new NetworkMonitor());
        using NetworkSubscription subscription = monitor.Subscribe();
        return subscription.Start.FindLink(link)!;
    }
}
