using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using Net.Packets;
using Net.Platform.Linux;
using Net.Platform.Linux.Relay;
using Net.Relay;
using Net.Workers;
using Net.Workers.Relay;

namespace Net.Worker.Relay;

/// <summary>Runs the code that relays on frames of its own, a little at a time while nothing else is to be done. Without, the first packets of a stream wait while the runtime loads and compiles what they
/// need: tens of milliseconds in all, in which rings overrun at high rates. Nothing of it leaves the process. One thread uses it.</summary>
internal sealed class RelayRehearsal : IDisposable
{
    // What is called 30 times is compiled anew in the background; then that is used, and its own first calls are over too.
    private const int Steps = 64;
    private const int SinglesPerStep = 16;
    private const int PayloadBytes = 64;
    private const int JoinedPackets = 16;
    private const int LargeBytes = 1_024;
    private const int LargePackets = 8;
    private const int HeaderBytes = 14 + 20 + 8;
    private const int InterfaceIndex = 1;
    private const ushort Port = 5000;

    private readonly RehearsalLink _link = new();
    private readonly RelayEngine _engine = new();
    private readonly RingPort _port;
    private readonly byte[] _single = Frame(PayloadBytes);
    private readonly byte[] _joined = Frame(PayloadBytes * JoinedPackets);
    private readonly byte[] _large = Frame(LargeBytes * LargePackets);
    private int _step;
    private bool _isDisposed;

    /// <summary>Prepares it.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The process has no memory or descriptors left.</exception>
    public RelayRehearsal()
    {
        _port = new RingPort(_link.Ring, 0, InterfaceIndex);
        var output = new PacketOutput(_link.Sender, InterfaceIndex);
        var flows = new FlowSet([Assignment()], null, 1);
        foreach (FlowOutput one in flows.ByNumber.SelectMany(static flow => flow.Outputs))
        {
            one.Packet = output;
        }

        _engine.Use(flows);
    }

    /// <summary>Whether all of it was run.</summary>
    public bool IsOver => _step >= Steps;

    /// <summary>Packets its flow took so far.</summary>
    public long Packets { get; private set; }

    /// <summary>Runs the next part: some 100 packets, in microseconds once everything is loaded.</summary>
    public void Step()
    {
        for (int frame = 0; frame < SinglesPerStep; frame++)
        {
            _ = _link.TryPut(_single, 0);
        }

        _ = _link.TryPut(_joined, PayloadBytes);
        _ = _link.TryPut(_large, LargeBytes);
        _ = _link.TryPut(_single, 0, isOversize: true);
        while (_engine.Relay(_port, MonotonicClock.Now) > 0)
        {
        }

        _link.Drain();
        Packets = _engine.Flows.ByNumber[0].State.PacketsReceived;
        if (++_step == Steps)
        {
            Dispose();
        }
    }

    /// <summary>Sends and receives what an engine and a worker tell each other first: most of the time a new worker needs is spent on the first of all messages.</summary>
    /// <param name="mailbox">Of this worker; nothing is told by it.</param>
    public void Speak(RelayMailbox mailbox)
    {
        (DescriptorChannel near, SafeHandle far) = DescriptorChannel.CreatePair();
        using var sending = new WorkerChannel(near);
        using var receiving = new WorkerChannel(DescriptorChannel.FromDescriptor((int)far.DangerousGetHandle()));
        far.SetHandleAsInvalid();
        using var ports = new RelayPorts(mailbox);
        using var reporter = new RelayReporter(MonotonicClock.Now);
        WorkerMessage[] messages =
        [
            new StartRelay
            {
                WorkerIndex = 0,
                WorkerCount = 1,
                Core = 0,
                Flows = [Assignment()],
                Descriptors = new RelayDescriptors { Rings = [new RelayRing(1, InterfaceIndex, 0, 4096, 1, 2048)], PacketSenders = [new RelayPacketOutput(2, InterfaceIndex, 0)] },
            },
            new RelayReady(true),
            reporter.Make(_engine, ports, MonotonicClock.Now, isLast: false),
        ];
        List<SafeHandle> handles = [];
        foreach (WorkerMessage message in messages)
        {
            sending.Send(message, message is StartRelay ? [_link.Ring.Handle] : []);
            _ = receiving.Receive(handles);
        }

        handles.ForEach(static handle => handle.Dispose());
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _step = Steps;
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _engine.Dispose();
        _link.Dispose();
    }

    private static RelayAssignment Assignment() => new()
    {
        Engine = RelayEngineKind.Packet,
        Flow = new RelayFlow
        {
            RuleId = 1,
            Input = new RelayInput
            {
                InterfaceIndex = InterfaceIndex,
                Destination = AddressPrefix.Parse("239.255.0.1/32"),
                PortFrom = Port,
                PortTo = Port,
                Protocol = RelayProtocol.Udp,
            },
            Targets =
            [
                new RelayTarget
                {
                    InterfaceIndex = InterfaceIndex,
                    MtuBytes = 1500,
                    SourceMac = [2, 0, 0, 0, 0, 1],
                    Destination = IPAddress.Parse("239.255.0.2"),
                    Port = Port + 1,
                    Ttl = 1,
                    SourceMode = SourceMode.Fixed,
                    Source = IPAddress.Parse("192.0.2.2"),
                },
            ],
        },
    };

    private static byte[] Frame(int payloadBytes)
    {
        byte[] frame = new byte[HeaderBytes + payloadBytes];
        ReadOnlySpan<byte> link = [0x01, 0x00, 0x5e, 0x7f, 0x00, 0x01, 2, 0, 0, 0, 0, 2, 0x08, 0x00];
        link.CopyTo(frame);
        Span<byte> ip = frame.AsSpan(link.Length);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)ip.Length);
        ip[8] = 8;
        ip[9] = (byte)RelayProtocol.Udp;
        ReadOnlySpan<byte> addresses = [192, 0, 2, 1, 239, 255, 0, 1];
        addresses.CopyTo(ip[12..]);
        PacketChecksum.Write(ip[10..12], PacketChecksum.Sum(ip[..20]));
        Span<byte> udp = ip[20..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], ushort.MaxValue);
        return frame;
    }
}
