using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux;
using Net.Relay;
using Net.Workers.Overlay;
using Net.Workers.Relay;

namespace Net.Workers.Tests.Relay;

[SupportedOSPlatform("linux")]
public sealed class RelayMessageTests : IDisposable
{
    private static readonly RelayFlow s_flow = new()
    {
        RuleId = 7,
        Input = new RelayInput { InterfaceIndex = 3, Destination = AddressPrefix.Parse("239.1.0.0/16"), Source = AddressPrefix.Parse("10.0.0.1"), PortFrom = 5000, PortTo = 5010 },
        AllowedSources = [AddressPrefix.Parse("10.0.0.0/8")],
        AnalyzeSequence = true,
        Duplicates = DuplicateMode.Standby,
        PreferredSource = IPAddress.Parse("fd00::1"),
        StandbyAfterMilliseconds = 750,
        Targets =
        [
            new RelayTarget
            {
                InterfaceIndex = 4, MtuBytes = 9000, SourceMac = [1, 2, 3, 4, 5, 6], DestinationMac = [6, 5, 4, 3, 2, 1], Destination = IPAddress.Parse("ff15::1"), Port = 6000, Ttl = 3,
                SourceMode = SourceMode.Fixed, Source = IPAddress.Parse("fd00::2"), SourcePort = 77, Dscp = 46, PacketsPerSecond = 100, BitsPerSecond = 1000, Oversize = OversizeAction.Fragment, IsPaused = true,
            },
            new RelayTarget { InterfaceIndex = 5, MtuBytes = 1500, SourceMac = [] },
        ],
    };

    private readonly WorkerChannel _sender;
    private readonly WorkerChannel _receiver;
    private readonly List<SafeHandle> _descriptors = [];

    public RelayMessageTests()
    {
        (DescriptorChannel ours, SafeHandle theirs) = DescriptorChannel.CreatePair();
        _sender = new WorkerChannel(ours);
        _receiver = new WorkerChannel(DescriptorChannel.FromDescriptor((int)theirs.DangerousGetHandle()));
        theirs.SetHandleAsInvalid();
    }

    [Fact]
    public void Flows_arrive_as_they_were_sent_and_have_the_same_fingerprint()
    {
        _sender.Send(new StartRelay { WorkerIndex = 1, WorkerCount = 2, Core = 3, Flows = [new RelayAssignment { Flow = s_flow, Engine = RelayEngineKind.Socket, UdpSenders = [8, 0] }] });

        StartRelay received = Assert.IsType<StartRelay>(_receiver.Receive(_descriptors));

        RelayAssignment assignment = Assert.Single(received.Flows);
        Assert.Equal(s_flow, assignment.Flow);
        Assert.Equal(RelayFingerprint.Of(s_flow), RelayFingerprint.Of(assignment.Flow));
        Assert.Equal(RelayEngineKind.Socket, assignment.Engine);
        Assert.Equal([8, 0], assignment.UdpSenders!);
    }

    [Fact]
    public void Every_kind_of_message_survives_the_way()
    {
        WorkerMessage[] all =
        [
            new ReplaceFlows(), new ChangeFlows { Removed = [new RelayFlowKey(1, 2)] }, new StopRelay(), new StartTrace(1, 2, 3, 4), new StopTrace(1), new SetLogLevel(3), new RelayReady(true),
            new RelayReport
            {
                Fingerprint = ulong.MaxValue,
                Counters = [new RelayCounters { RuleId = 1, Output = -1, Packets = 2, Drops = [1, 2] }],
                Inputs = [new RelayInputCounters { Id = 1, InterfaceIndex = 2, Drops = [3] }],
            },
            new TracedPackets(1, [new TracedPacket { Number = 1, TimeNanoseconds = 1, Output = 0, InterfaceIndex = 2, Length = 3, Drop = RelayDrop.Rate, Data = [1] }], true),
            new RelayRefused(1, "no"), new RelayFailed("no"), new WorkerLog(2, "text", RuleId: 4),
        ];

        foreach (WorkerMessage message in all)
        {
            _sender.Send(message);
            WorkerMessage? received = _receiver.Receive(_descriptors);
            Assert.IsType(message.GetType(), received);
            if (received is RelayReport report)
            {
                Assert.Equal((ulong.MaxValue, 2L), (report.Fingerprint, report.Counters[0].Drops[1]));
            }
        }
    }

    [Fact]
    public void More_descriptors_than_one_message_of_the_kernel_takes_arrive_in_order()
    {
        using SafeHandle even = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Read);
        using SafeHandle odd = File.OpenHandle("/dev/zero", FileMode.Open, FileAccess.Read);
        SafeHandle[] handles = [.. Enumerable.Range(0, 600).Select(number => number % 2 == 0 ? even : odd)];
        var sending = new Thread(() => _sender.Send(new StopRelay(), handles));

        sending.Start();
        Assert.IsType<StopRelay>(_receiver.Receive(_descriptors));
        sending.Join();

        Assert.Equal(600, _descriptors.Count);
        Assert.All(_descriptors.Select((handle, number) => (Handle: handle, Number: number)), one =>
            Assert.Equal(one.Number % 2 == 0 ? "/dev/null" : "/dev/zero", new FileInfo($"/proc/self/fd/{one.Handle.DangerousGetHandle()}").LinkTarget));
    }

    [Fact]
    public void Ten_thousand_flows_are_one_message()
    {
        RelayAssignment[] flows = [.. Enumerable.Range(1, 10_000).Select(number => new RelayAssignment { Flow = s_flow with { RuleId = number } })];
        var sending = new Thread(() => _sender.Send(new ReplaceFlows { Flows = flows }));

        sending.Start();
        ReplaceFlows received = Assert.IsType<ReplaceFlows>(_receiver.Receive(_descriptors));
        sending.Join();

        Assert.Equal(RelayFingerprint.Of([.. flows.Select(one => one.Flow)]), RelayFingerprint.Of([.. received.Flows.Select(one => one.Flow)]));
    }

    public void Dispose()
    {
        _descriptors.ForEach(handle => handle.Dispose());
        _receiver.Dispose();
        _sender.Dispose();
    }
}
