using System.Net;
using System.Net.Sockets;
using Net.Platform.Linux;
using Net.Platform.Linux.Relay;
using Net.Relay;
using Net.Worker.Tests.Support;
using Net.Workers.Relay;

namespace Net.Worker.Tests.Relay;

/// <summary>How a relay worker lives: changes, failures, traces, locks and ends.</summary>
public sealed class RelayLifeTests
{
    private static readonly IPEndPoint Group = new(IPAddress.Parse(RelayRig.Group), 5000);

    [Fact]
    public void It_reports_the_fingerprint_of_what_it_has_and_takes_changes_while_other_rules_lose_nothing()
    {
        const int packets = 4_000;
        using var rig = new RelayRig();
        Socket sink = rig.OpenSink(0, "239.2.2.1", 6001);
        Socket source = rig.OpenSource();
        RelayFlow stays = rig.Flow(1, 5000, rig.Target(0));
        rig.Start(stays);

        // No more on the way than any buffer holds: what is lost is lost by the worker.
        using var window = new SemaphoreSlim(64);
        var sender = new Thread(() =>
        {
            byte[] number = new byte[64];
            for (int count = 0; count < packets; count++)
            {
                BitConverter.TryWriteBytes(number, count);
                if (!window.Wait(Bounds.Wait))
                {
                    return;
                }

                source.SendTo(number, Group);
            }
        });

        sender.Start();
        RelayFlow[] all = [stays];
        for (int round = 0; round < 40; round++)
        {
            RelayFlow added = rig.Flow(2 + round, (ushort)(5100 + round), rig.Target(0) with { Port = (ushort)(7000 + round) });
            all = [stays, added];
            rig.Inbox.Send(round % 2 == 0
                ? new ReplaceFlows { Flows = RelayRig.ByFrames(all) }
                : new ChangeFlows { Flows = RelayRig.ByFrames(added), Removed = [new RelayFlowKey(1 + round, rig.InputIndex)] });
        }

        byte[] buffer = new byte[2_000];
        for (int count = 0; count < packets; count++)
        {
            Assert.Equal(64, sink.Receive(buffer));
            Assert.Equal(count, BitConverter.ToInt32(buffer));
            window.Release();
        }

        sender.Join();
        rig.Inbox.WaitFor<RelayReport>(report => report.Flows == 2 && report.Fingerprint == RelayFingerprint.Of(all), "the fingerprint of the last flows");
        rig.WaitForCounters(1, 0, one => one.Packets == packets, "counters that went on over all changes");
    }

    [Fact]
    public void Rules_that_overlap_all_deliver_and_a_rule_of_several_interfaces_counts_once()
    {
        using var rig = new RelayRig(outputs: 2);
        Socket first = rig.OpenSink(0, "239.2.2.1", 6001);
        Socket second = rig.OpenSink(1, "239.2.2.2", 6002);
        Socket source = rig.OpenSource();
        RelayFlow wide = rig.Flow(2, 5000, rig.Target(1));
        rig.Start(
            rig.Flow(1, 5000, rig.Target(0)),
            wide with { Input = wide.Input with { Destination = AddressPrefix.Parse("239.1.0.0/16"), PortFrom = 4990, PortTo = 5010 } },
            wide with { Input = wide.Input with { InterfaceIndex = 9_999 } });

        source.SendTo([7], Group);

        byte[] buffer = new byte[16];
        Assert.Equal(1, first.Receive(buffer));
        Assert.Equal(1, second.Receive(buffer));
        rig.WaitForCounters(2, 0, one => one.Packets == 1, "one packet of the second rule");
    }

    [Fact]
    public void An_interface_that_goes_down_is_counted_and_used_again_once_it_is_up()
    {
        using var rig = new RelayRig();
        Socket sink = rig.OpenSink(0, "239.2.2.1", 6001);
        Socket source = rig.OpenSource();
        rig.Start(rig.Flow(1, 5000, rig.Target(0)));
        byte[] buffer = new byte[16];
        source.SendTo([1], Group);
        Assert.Equal(1, sink.Receive(buffer));

        rig.Relay.Ip("link set o0 down");
        source.SendTo([2], Group);
        rig.WaitForDrops(1, 0, RelayDrop.InterfaceDown, 1);
        rig.Relay.Ip("link set o0 up");
        SendUntilReceived(source, sink);
    }

    [Fact]
    public void An_input_that_goes_down_and_up_is_heard_again_and_costs_no_time_meanwhile()
    {
        using var rig = new RelayRig();
        Socket sink = rig.OpenSink(0, "239.2.2.1", 6001);
        Socket source = rig.OpenSource();
        rig.Start(rig.Flow(1, 5000, rig.Target(0)));

        rig.Relay.Ip("link set i0 down");
        int reports = rig.Inbox.Now;
        TimeSpan before = ProcessorTime(rig.Process.ProcessId);
        for (int report = 0; report < 10; report++)
        {
            rig.Inbox.WaitForNext<RelayReport>(ref reports);
        }

        TimeSpan used = ProcessorTime(rig.Process.ProcessId) - before;
        rig.Relay.Ip("link set i0 up");
        SendUntilReceived(source, sink);

        // Half a second that was spun away would be half a second.
        Assert.True(used < TimeSpan.FromMilliseconds(300), $"{used.TotalMilliseconds} ms were used while the interface was down");
    }

    [Fact]
    public void A_killed_worker_loses_nothing_that_waits_in_its_ring()
    {
        using var rig = new RelayRig();
        Socket sink = rig.OpenSink(0, "239.2.2.1", 6001);
        Socket source = rig.OpenSource();
        RelayFlow flow = rig.Flow(1, 5000, rig.Target(0));
        rig.Start(flow);
        byte[] buffer = new byte[16];
        for (int number = 0; number < 5; number++)
        {
            source.SendTo([(byte)number], Group);
            Assert.Equal(1, sink.Receive(buffer));
        }

        rig.Process.Kill();
        rig.WaitForEnd();
        for (int number = 100; number < 150; number++)
        {
            source.SendTo([(byte)number], Group);
        }

        rig.Start(flow);
        for (int number = 100; number < 150; number++)
        {
            Assert.Equal(1, sink.Receive(buffer));
            Assert.Equal(number, buffer[0]);
        }
    }

    [Fact]
    public void Told_to_stop_it_relays_what_waits_reports_and_ends()
    {
        using var rig = new RelayRig();
        Socket sink = rig.OpenSink(0, "239.2.2.1", 6001);
        Socket source = rig.OpenSource();
        rig.Start(rig.Flow(1, 5000, rig.Target(0)));
        for (int number = 0; number < 500; number++)
        {
            source.SendTo([1], Group);
        }

        rig.Inbox.Send(new StopRelay());

        rig.Inbox.WaitFor<RelayReport>(report => report.IsLast, "the last report");
        ProcessEnd end = rig.WaitForEnd();

        // A run that counts coverage writes a file at its end, which the lock forbids.
        bool isCounted = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}coverage{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        Assert.True(end.IsSuccess || isCounted, end.ToString());
        byte[] buffer = new byte[16];
        for (int number = 0; number < 500; number++)
        {
            Assert.Equal(1, sink.Receive(buffer));
        }
    }

    [Fact]
    public void Every_thread_is_locked()
    {
        using var rig = new RelayRig();
        rig.Start(rig.Flow(1, 5000, rig.Target(0)));

        string[] states = [.. Directory.EnumerateDirectories($"/proc/{rig.Process.ProcessId}/task").Select(task => File.ReadAllText(Path.Combine(task, "status")))];

        Assert.NotEmpty(states);
        Assert.All(states, state =>
        {
            Assert.Contains("NoNewPrivs:\t1", state, StringComparison.Ordinal);
            Assert.Contains("Seccomp:\t2", state, StringComparison.Ordinal);
        });
        Assert.True(rig.Inbox.WaitFor<RelayReady>().IsLocked);
    }

    [Fact]
    public void A_trace_tells_what_came_in_what_left_and_why_not_and_ends_by_itself()
    {
        using var rig = new RelayRig(outputs: 2);
        Socket source = rig.OpenSource();
        rig.Start(rig.Flow(1, 5000, rig.Target(0), rig.Target(1) with { IsPaused = true }), rig.Flow(2, 5001, rig.Target(0)));
        rig.Inbox.Send(new StartTrace(77, 1, MaxPackets: 6, SnapLength: 60));

        // Packets sent before the trace began are not in it: some are sent until it is full.
        int after = 0;
        while (!rig.Inbox.All<TracedPackets>().Any(told => told.IsEnd))
        {
            source.SendTo([1, 2, 3], Group);
            source.SendTo([9], new IPEndPoint(Group.Address, 5001));
            rig.Inbox.WaitForNext<RelayReport>(ref after);
        }

        TracedPacket[] records = [.. rig.Inbox.All<TracedPackets>().SelectMany(told => told.Packets)];
        Assert.All(rig.Inbox.All<TracedPackets>(), told => Assert.Equal(77, told.Id));

        // Packets that came together are told of together: all that came in, then what became of each.
        Assert.Equal([1, 2, 3, 4, 5, 6], records.Select(record => record.Number).Distinct().Order());
        Assert.All(records.GroupBy(record => record.Number), packet => Assert.Equal([-1, 0, 1], packet.Select(record => record.Output).Order()));
        TracedPacket left = records.First(record => record.Output == 0);
        TracedPacket paused = records.First(record => record.Output == 1);
        Assert.Equal(("10.9.0.1:40000", RelayRig.Group + ":5000"), (records[0].Source, records[0].Destination));
        Assert.Equal(("10.9.10.1:40000", "239.2.2.1:6001"), (left.Source, left.Destination));
        Assert.Null(left.Drop);
        Assert.Equal([0x01, 0x00, 0x5E, 0x02, 0x02, 0x01], left.Data[..6]);
        Assert.Equal(RelayDrop.Paused, paused.Drop);
    }

    [Fact]
    public void Rates_are_limited_and_sources_that_may_not_send_are_refused()
    {
        using var rig = new RelayRig();
        using FrameSender frames = rig.OpenFrames();
        RelayFlow flow = rig.Flow(1, 5000, rig.Target(0) with { PacketsPerSecond = 100 });
        rig.Start(flow with { AllowedSources = [AddressPrefix.Parse("10.9.0.0/24")] });

        frames.Send([.. Enumerable.Range(0, 400).Select(_ => FrameSender.Udp(5000, [1])), FrameSender.Udp(5000, [1], source: "10.66.0.1")]);

        rig.WaitForDrops(1, RelayCounters.Input, RelayDrop.Source, 1);
        RelayCounters output = rig.WaitForCounters(1, 0, one => one.Packets > 0 && one.Packets + one.Drops.Sum() == 400, "400 packets sent or refused");
        Assert.True(output.Drops[(int)RelayDrop.Rate] > 100, $"only {output.Drops[(int)RelayDrop.Rate]} were refused");
    }

    [Fact]
    public void Of_two_sources_of_one_stream_each_packet_leaves_once()
    {
        using var rig = new RelayRig();
        Socket sink = rig.OpenSink(0, "239.2.2.1", 6001);
        using FrameSender frames = rig.OpenFrames();
        rig.Start(rig.Flow(1, 5000, rig.Target(0)) with { Duplicates = DuplicateMode.Suppress });
        byte[][] payloads = [.. Enumerable.Range(0, 50).Select(number => (byte[])[0x80, 33, 0, (byte)number, 0, 0, 0, 0, 1, 2, 3, 4, (byte)number])];

        foreach (byte[] payload in payloads)
        {
            frames.Send(FrameSender.Udp(5000, payload), FrameSender.Udp(5000, payload, source: "10.9.0.7"));
        }

        byte[] buffer = new byte[64];
        foreach (byte[] payload in payloads)
        {
            Assert.Equal(payload.Length, sink.Receive(buffer));
            Assert.Equal(payload[^1], buffer[payload.Length - 1]);
        }

        rig.WaitForDrops(1, RelayCounters.Input, RelayDrop.Duplicate, 50);
    }

    [Fact]
    public void Descriptors_come_and_go_while_it_runs_and_one_of_no_use_is_told()
    {
        using var rig = new RelayRig(outputs: 2);
        Socket sink = rig.OpenSink(1, "239.2.2.2", 6002);
        Socket source = rig.OpenSource();
        rig.Start(rig.Flow(1, 5000, rig.Target(1)));
        rig.Inbox.Send(new ReplaceFlows { Flows = RelayRig.ByFrames(rig.Flow(1, 5000, rig.Target(1))), Descriptors = new RelayDescriptors { Closed = [101] } });

        // Packets sent before the change was taken over still left.
        RelayCounters? refused = null;
        int after = 0;
        while (refused is null)
        {
            source.SendTo([1], Group);
            rig.Inbox.WaitForNext<RelayReport>(ref after, report =>
                (refused ??= report.Counters.FirstOrDefault(one => one.Output == 0 && one.Drops.Length > 0 && one.Drops[(int)RelayDrop.NoOutput] > 0)) is not null || report.Counters.Length > 0);
        }

        rig.Inbox.Send(
            new ChangeFlows
            {
                Descriptors = new RelayDescriptors { PacketSenders = [new RelayPacketOutput(200, rig.OutputIndexes[1], 0)], Rings = [new RelayRing(201, 1, 1, 4096, 1, 1600), new RelayRing(202, 1, 5, 4096, 1, 1600)] },
            },
            rig.Senders[1], rig.Senders[1]);
        rig.Inbox.WaitFor<RelayRefused>(refused => refused.Id == 201, "the refusal of what is no ring");
        rig.Inbox.WaitFor<RelayRefused>(refused => refused.Id == 202, "the refusal of what did not come");

        SendUntilReceived(source, sink);
    }

    [Fact]
    public void By_sockets_groups_reach_groups_and_hosts_of_both_families()
    {
        using var rig = new RelayRig(outputs: 2);
        Socket first = rig.OpenSink(0, "239.2.2.1", 6001);
        Socket second = rig.OpenSink(1, "ff15::22", 6002);
        Socket source = rig.OpenSource();
        using var member = rig.Relay.In(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        member.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(Group.Address, rig.InputIndex));
        RelayFlow flow = rig.Flow(1, 5000, rig.Target(0), rig.Target(1) with { Destination = IPAddress.Parse("ff15::22"), Source = IPAddress.Parse("fd09:2::1") });
        rig.Start([new RelayAssignment { Flow = flow, Engine = RelayEngineKind.Socket, UdpSenders = [31, 32] }], (receivers, senders) =>
        {
            receivers.Add(new RelayUdpInput(30, rig.InputIndex, rig.Hand(rig.Relay.In(() => UdpReceiver.Open(new UdpReceiverOptions { Local = Group, Device = "i0" })))));
            senders.Add(new RelayUdpOutput(31, rig.Hand(rig.Relay.In(() => UdpSender.Open(new UdpSenderOptions
            {
                InterfaceIndex = rig.OutputIndexes[0],
                Source = new IPEndPoint(IPAddress.Parse("10.9.10.1"), 0),
                Destination = new IPEndPoint(IPAddress.Parse("239.2.2.1"), 6001),
            }))), true));
            senders.Add(new RelayUdpOutput(32, rig.Hand(rig.Relay.In(() => UdpSender.Open(new UdpSenderOptions { InterfaceIndex = rig.OutputIndexes[1], Source = new IPEndPoint(IPAddress.Parse("fd09:2::1"), 0) }))), false));
        });
        byte[] buffer = new byte[2_000];

        for (int number = 0; number < 300; number++)
        {
            byte[] data = new byte[number % 3 == 0 ? 100 : 64];
            data[0] = (byte)number;
            source.SendTo(data, Group);
            if (number % 50 == 49)
            {
                for (int one = number - 49; one <= number; one++)
                {
                    Assert.Equal((one % 3 == 0 ? 100 : 64, (byte)one), (first.Receive(buffer), buffer[0]));
                    Assert.Equal((one % 3 == 0 ? 100 : 64, (byte)one), (second.Receive(buffer), buffer[0]));
                }
            }
        }

        rig.WaitForCounters(1, 0, one => one.Packets == 300, "300 packets sent");
        rig.WaitForCounters(1, RelayCounters.Input, one => one.Packets == 300 && one.Bytes == (100 * 128) + (200 * 92), "300 packets received, with their headers counted");
    }

    [Fact]
    public void Frames_may_leave_by_udp_sockets_where_the_source_is_the_hosts_own()
    {
        using var rig = new RelayRig();
        Socket sink = rig.OpenSink(0, "239.2.2.1", 6001);
        Socket source = rig.OpenSource();
        rig.Start([new RelayAssignment { Flow = rig.Flow(1, 5000, rig.Target(0)), UdpSenders = [31] }], (_, senders) =>
            senders.Add(new RelayUdpOutput(31, rig.Hand(rig.Relay.In(() => UdpSender.Open(new UdpSenderOptions { InterfaceIndex = rig.OutputIndexes[0], Source = new IPEndPoint(IPAddress.Parse("10.9.10.1"), 5555) }))), false)));
        byte[] buffer = new byte[2_000];

        for (int number = 0; number < 100; number++)
        {
            source.SendTo([(byte)number, 1, 2], Group);
        }

        for (int number = 0; number < 100; number++)
        {
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            Assert.Equal((3, number), (sink.ReceiveFrom(buffer, ref from), buffer[0]));
            Assert.Equal("10.9.10.1:5555", from.ToString());
        }
    }

    [Fact]
    public void The_kernel_gives_each_packet_to_the_worker_its_rule_went_to()
    {
        const int workers = 3;
        using var rig = new RelayRig();
        using FrameSender frames = rig.OpenFrames();
        PacketRingLayout layout = default;
        PacketRing[] rings = [.. Enumerable.Range(0, workers).Select(_ => new PacketRing(
            rig.Relay.In(() => PacketRing.Open(new PacketRingOptions { InterfaceIndex = rig.InputIndex, RingBytes = 1 << 20, FanoutGroup = 77, Steering = FlowSteering.FanoutProgram }, out layout)), layout))];
        string[] groups = ["239.1.1.1", "239.1.1.2", "239.9.8.7", "224.5.6.7"];
        byte[] esp = FrameSender.Ip(50, 40);
        byte[] six = new byte[14 + 40 + 12];
        ((byte[])[0x33, 0x33, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0x86, 0xDD, 0x60, 0, 0, 0, 0, 12, 17, 9]).CopyTo(six, 0);
        six[38] = 0xFF;
        six[53] = 0x99;
        six[56] = 0x17;
        six[59] = 12;
        six[61] = 1;

        frames.Send([.. groups.SelectMany(group => Enumerable.Range(5000, 25).Select(port => FrameSender.Udp((ushort)port, [1], destination: group))), esp, six]);

        int seen = 0;
        int[] each = new int[workers];
        var poller = new Poller(workers);
        for (int worker = 0; worker < workers; worker++)
        {
            poller.Set(worker, rings[worker].Handle, wantRead: true);
        }

        while (seen < 102)
        {
            Assert.True(poller.Wait((long)Bounds.Wait.TotalNanoseconds) > 0, $"only {seen} frames came");
            for (int worker = 0; worker < workers; worker++)
            {
                while (rings[worker].TryPeek(out PacketFrame frame))
                {
                    Assert.Equal(ParseResult.Packet, RelayParser.Parse(frame.Memory.Span, out PacketView view));
                    Assert.Equal(worker, FlowSteering.WorkerOf(view.Destination, view.DestinationPort, workers));
                    seen++;
                    each[worker]++;
                }

                rings[worker].Release();
            }
        }

        Assert.All(each, count => Assert.InRange(count, 10, 90));
        Array.ForEach(rings, ring => ring.Dispose());
    }

    private static TimeSpan ProcessorTime(int processId)
    {
        using var process = System.Diagnostics.Process.GetProcessById(processId);
        return process.TotalProcessorTime;
    }

    private static void SendUntilReceived(Socket source, Socket sink)
    {
        for (int attempt = 0; attempt < 200; attempt++)
        {
            source.SendTo([1], Group);
            if (sink.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead))
            {
                sink.Receive(new byte[16]);
                return;
            }
        }

        Assert.Fail("no packet came");
    }
}
