using System.Net;
using Net.Engine.Relay.Kernel;
using Net.Platform.Linux;
using Net.Platform.Linux.Relay;
using Net.Relay;

namespace Net.Engine.Tests.Relay.Kernel;

/// <summary>The kernel's engines between real interfaces: a sender's end g0 of a pair with i0, and receivers' ends s0.. of pairs with o0...</summary>
public sealed class KernelRelayTests
{
    private const int Port = 5000;
    private const string Group = "239.1.1.1";

    [Fact]
    public void Every_output_gets_its_own_packet_by_tcx()
    {
        using var lab = new KernelLab(3);
        RelayFlow flow = lab.Flow(1, Group, Port, lab.Target(0, "239.2.0.1", 6000), lab.Target(1, "239.2.0.2", 6001) with { Ttl = 3 }, lab.Target(2, null, 0));
        byte[] frame = KernelFrames.Build("10.0.0.1", Group, Port, 200);

        lab.Run(() =>
        {
            using KernelRelay relay = KernelLab.NewRelay();
            Assert.Empty(relay.Apply(RelayEngineKind.Tcx, [flow]));
            lab.Sender.Send(frame);

            lab.AssertReceived(flow, frame);
            RelayCounters[] counters = relay.ReadCounters();
            Assert.Equal(4, counters.Length);
            Assert.All(counters, counter => Assert.Equal((1, 228), (counter.Packets, counter.Bytes)));
            Assert.All(counters, counter => Assert.InRange(counter.LastSeenNanoseconds, 1, MonotonicClock.Now));
        });
    }

    [Fact]
    public void Every_output_gets_its_own_packet_by_xdp()
    {
        using var lab = new KernelLab(3);
        RelayFlow many = lab.Flow(1, Group, Port, lab.Target(0, "239.2.0.1", 6000), lab.Target(1, "239.2.0.2", 6001) with { Ttl = 3 }, lab.Target(2, null, 0));
        RelayFlow one = lab.Flow(2, "ff05::1", Port, lab.Target(1, "ff05::2", 7000));
        byte[] first = KernelFrames.Build("10.0.0.1", Group, Port, 200);
        byte[] second = KernelFrames.Build("2001:db8::1", "ff05::1", Port, 33);

        lab.Run(() =>
        {
            using KernelRelay relay = KernelLab.NewRelay();
            Assert.Empty(relay.Apply(RelayEngineKind.Xdp, [many, one]));
            lab.Sender.Send(first);
            lab.AssertReceived(many, first);
            lab.Sender.Send(second);
            lab.AssertReceived(one, second);

            RelayCounters[] counters = relay.ReadCounters();
            Assert.Equal(6, counters.Length);
            Assert.All(counters, counter => Assert.Equal(1, counter.Packets));
        });
    }

    [Fact]
    public void A_rule_that_gets_the_counters_of_one_that_is_gone_begins_at_zero()
    {
        using var lab = new KernelLab(2);
        RelayFlow first = lab.Flow(1, Group, Port, lab.Target(0, "239.2.0.1", 6000), lab.Target(1, "239.2.0.2", 6001));
        byte[] frame = KernelFrames.Build("10.0.0.1", Group, Port, 64);

        lab.Run(() =>
        {
            using KernelRelay relay = KernelLab.NewRelay();
            Assert.Empty(relay.Apply(RelayEngineKind.Tcx, [first]));
            lab.Sender.Send(frame);
            lab.AssertReceived(first, frame);
            Assert.Empty(relay.Apply(RelayEngineKind.Tcx, []));
            Assert.Empty(relay.Apply(RelayEngineKind.Tcx, [first with { RuleId = 2 }]));
            RelayCounters[] before = relay.ReadCounters();
            lab.Sender.Send(frame);
            lab.AssertReceived(first, frame);

            Assert.Equal(3, before.Length);
            Assert.All(before, counter => Assert.Equal((2, 0, 0), (counter.RuleId, counter.Packets, counter.Bytes)));
            Assert.All(relay.ReadCounters(), counter => Assert.Equal(1, counter.Packets));
        });
    }

    [Fact]
    public void Fifty_outputs_are_served()
    {
        using var lab = new KernelLab(2);
        RelayTarget[] targets = [.. Enumerable.Range(0, 50).Select(i => lab.Target(i % 2, $"239.3.0.{i}", 6000 + i))];
        RelayFlow flow = lab.Flow(1, Group, Port, targets);
        byte[] frame = KernelFrames.Build("10.0.0.1", Group, Port, 64);

        lab.Run(() =>
        {
            using KernelRelay relay = KernelLab.NewRelay();
            Assert.Empty(relay.Apply(RelayEngineKind.Tcx, [flow]));
            lab.Sender.Send(frame);

            lab.AssertReceived(flow, frame);
            Assert.Equal(51, relay.ReadCounters().Count(counter => counter.Packets == 1));
        });
    }

    [Fact]
    public void Aggregated_datagrams_leave_as_single_ones()
    {
        using var lab = new KernelLab(2);
        RelayFlow flow = lab.Flow(1, Group, Port, lab.Target(0, "239.2.0.1", 6000), lab.Target(1, "239.2.0.2", 6001));

        lab.Run(() =>
        {
            using KernelRelay relay = KernelLab.NewRelay();
            Assert.Empty(relay.Apply(RelayEngineKind.Tcx, [flow]));

            // A local sender's buffer of 5 datagrams (VIRTIO_NET_HDR_GSO_UDP_L4 and NEEDS_CSUM), the last one shorter: 4 x 1000 and 500 bytes.
            lab.SendGso(KernelFrames.Build("10.0.0.1", Group, Port, 4500), 1000);

            for (int output = 0; output < 2; output++)
            {
                List<byte[]> received = lab.Receive(output, 5);
                Assert.Equal([1028, 1028, 1028, 1028, 528], received.Select(packet => packet.Length - 14));
                Assert.All(received, packet => Assert.Equal(0, KernelFrames.UdpChecksum(packet)));
                Assert.All(received, packet => Assert.Equal(0, KernelFrames.Checksum(packet.AsSpan(14, 20))));
                Assert.All(received, packet => Assert.Equal($"239.2.0.{output + 1}", new IPAddress(packet[30..34]).ToString()));
            }

            Assert.All(relay.ReadCounters(), counter => Assert.Equal((5, (5 * 28) + 4500), (counter.Packets, counter.Bytes)));
        });
    }

    [Fact]
    public void A_checksum_the_sender_left_open_is_made_good()
    {
        using var lab = new KernelLab(2);
        RelayFlow four = lab.Flow(1, Group, Port, lab.Target(0, "239.2.0.1", 6000), lab.Target(1, "239.2.0.2", 0));
        RelayFlow six = lab.Flow(2, "ff05::1", Port, lab.Target(0, "ff05::2", 6000), lab.Target(1, "ff05::3", 6000));

        lab.Run(() =>
        {
            using KernelRelay relay = KernelLab.NewRelay();
            Assert.Empty(relay.Apply(RelayEngineKind.Tcx, [four, six]));
            foreach (byte[] frame in new[] { KernelFrames.Build("10.0.0.1", Group, Port, 77), KernelFrames.Build("fe80::1", "ff05::1", Port, 77) })
            {
                lab.SendGso(frame, 0);
                for (int output = 0; output < 2; output++)
                {
                    Assert.Equal(0, KernelFrames.UdpChecksum(Assert.Single(lab.Receive(output, 1))));
                }
            }
        });
    }

    [Fact]
    public void A_change_of_one_rule_loses_no_packet_of_another()
    {
        using var lab = new KernelLab(2);
        RelayFlow kept = lab.Flow(1, Group, Port, lab.Target(0, "239.2.0.1", 6000));
        byte[] frame = KernelFrames.Build("10.0.0.1", Group, Port, 20);

        lab.Run(() =>
        {
            using KernelRelay relay = KernelLab.NewRelay(entries: 2, targets: 2);
            Assert.Empty(relay.Apply(RelayEngineKind.Tcx, [kept]));
            int sent = 0;
            for (int round = 0; round < 200; round++)
            {
                // Grows the maps several times on the way.
                RelayFlow[] others = [.. Enumerable.Range(0, round % 50).Select(i => lab.Flow(2 + i, $"239.9.{round}.{i}", Port, lab.Target(1, "239.9.9.9", round + 1)))];
                Assert.Empty(relay.Apply(RelayEngineKind.Tcx, [kept, .. others]));
                lab.Sender.Send(frame);
                sent++;
            }

            Assert.Equal(sent, lab.Receive(0, sent).Count);
            Assert.Equal(sent, relay.ReadCounters().Single(counter => counter is { RuleId: 1, Output: 0 }).Packets);
        });
    }

    [Fact]
    public void What_is_pinned_relays_on_while_the_engine_restarts()
    {
        using var lab = new KernelLab(2);
        using var pins = new TestPins();
        RelayFlow flow = lab.Flow(1, Group, Port, lab.Target(0, "239.2.0.1", 6000), lab.Target(1, "239.2.0.2", 6001)) with { AllowedSources = [AddressPrefix.Parse("10.0.0.0/24")] };
        byte[] frame = KernelFrames.Build("10.0.0.1", Group, Port, 20);

        lab.Run(() =>
        {
            using (KernelRelay first = pins.NewRelay())
            {
                Assert.StartsWith("Relays in the kernel go on", first.Continuity, StringComparison.Ordinal);
                Assert.Empty(first.Apply(RelayEngineKind.Tcx, [flow]));
                lab.Sender.Send(frame);
                lab.AssertReceived(flow, frame);
            }

            lab.Sender.Send(frame);
            lab.AssertReceived(flow, frame);

            using KernelRelay second = pins.NewRelay();
            second.SetDropped([]);
            lab.Sender.Send(frame);
            lab.AssertReceived(flow, frame);
            Assert.Empty(second.Apply(RelayEngineKind.Tcx, [flow]));
            lab.Sender.Send(frame);
            lab.AssertReceived(flow, frame);
            Assert.All(second.ReadCounters(), counter => Assert.Equal(4, counter.Packets));
            Assert.Equal(new RelayTable([flow]).Fingerprint, second.ReadFingerprint(RelayEngineKind.Tcx));

            second.Remove();
            lab.Sender.Send(frame);
            Assert.Empty(lab.Receive(0, 1));
        });
    }

    [Fact]
    public void What_somebody_changes_is_found_and_put_right()
    {
        using var lab = new KernelLab(1);
        using var pins = new TestPins();
        RelayFlow flow = lab.Flow(7, Group, Port, lab.Target(0, "239.2.0.1", 6000));
        byte[] frame = KernelFrames.Build("10.0.0.1", Group, Port, 20);

        lab.Run(() =>
        {
            using KernelRelay relay = pins.NewRelay();
            Assert.Empty(relay.Apply(RelayEngineKind.Tcx, [flow]));
            ulong expected = new RelayTable([flow]).Fingerprint;
            Assert.Equal(expected, relay.ReadFingerprint(RelayEngineKind.Tcx));
            Assert.Empty(relay.Repair());

            using (BpfLink link = BpfLink.OpenPinned($"{pins.Folder}/tcx/links/{lab.Input}"))
            {
                link.Detach();
            }

            Assert.Contains("had been taken off", Assert.Single(relay.Repair()), StringComparison.Ordinal);
            using (BpfMap entries = BpfMap.OpenPinned($"{pins.Folder}/tcx/1/exact4"))
            {
                byte[] key = new byte[entries.KeyBytes];
                Assert.True(entries.TryGetNextKey([], key));
                Assert.True(entries.Delete(key));
                key[4] = 99;
                entries.Write(key, new byte[entries.ValueBytes]);
            }

            Assert.NotEqual(expected, relay.ReadFingerprint(RelayEngineKind.Tcx));
            IReadOnlyList<string> found = relay.Repair();
            Assert.Equal(2, found.Count);
            Assert.Contains(found, sentence => sentence.Contains("rule 7", StringComparison.Ordinal));
            Assert.Equal(expected, relay.ReadFingerprint(RelayEngineKind.Tcx));
            using (BpfMap targets = BpfMap.OpenPinned($"{pins.Folder}/tcx/1/targets"))
            {
                targets.Write(new byte[4], new byte[targets.ValueBytes]);
            }

            Assert.NotEqual(expected, relay.ReadFingerprint(RelayEngineKind.Tcx));
            Assert.Single(relay.Repair());
            lab.Sender.Send(frame);
            lab.AssertReceived(flow, frame);
            relay.Remove();
        });
    }

    [Fact]
    public void Ten_thousand_rules_are_loaded_and_read_back_as_they_are()
    {
        using var lab = new KernelLab(3);
        RelayFlow[] flows = [.. Enumerable.Range(0, 10_000).Select(i =>
            lab.Flow(i + 1, $"239.{i >> 8}.{i & 255}.1", Port, lab.Target(0, "239.2.0.1", 6000), lab.Target(1, "239.2.0.2", 6001), lab.Target(2, null, 0)))];

        lab.Run(() =>
        {
            using KernelRelay relay = KernelLab.NewRelay();
            long start = Environment.TickCount64;
            Assert.Empty(relay.Apply(RelayEngineKind.Tcx, flows));
            long loaded = Environment.TickCount64 - start;
            ulong fingerprint = relay.ReadFingerprint(RelayEngineKind.Tcx);
            long read = Environment.TickCount64 - start - loaded;
            Assert.Empty(relay.Apply(RelayEngineKind.Tcx, [.. flows[1..]]));
            long changed = Environment.TickCount64 - start - loaded - read;
            TestContext.Current.TestOutputHelper?.WriteLine($"loaded in {loaded} ms, read in {read} ms, changed in {changed} ms");

            Assert.Equal(new RelayTable(flows).Fingerprint, fingerprint);

            // Ten times what the bench asks for, as other tests run at the same time.
            Assert.True(loaded < 10_000, $"{loaded} ms");
        });
    }

    [Fact]
    public void A_tcx_program_may_be_probed()
    {
        using var lab = new KernelLab(1);

        lab.Run(() =>
        {
            using KernelRelay relay = KernelLab.NewRelay();
            EngineAvailability availability = relay.Probe();

            Assert.True(availability.Tcx.IsAvailable, availability.Tcx.Reason);
            Assert.True(availability.Xdp.IsAvailable, availability.Xdp.Reason);
            Assert.StartsWith("Relays in the kernel end with the engine", relay.Continuity, StringComparison.Ordinal);
        });
    }

    /// <summary>A BPF file system of its own.</summary>
    private sealed class TestPins : IDisposable
    {
        private readonly string _mount = Directory.CreateTempSubdirectory("netmod-bpf-").FullName;

        public TestPins() => BpfFileSystem.Mount(_mount);

        public string Folder => $"{_mount}/test";

        public KernelRelay NewRelay()
        {
            Directory.CreateDirectory(Folder);
            return new KernelRelay(new KernelRelayOptions { PinFolder = Folder }, TimeProvider.System);
        }

        public void Dispose()
        {
            BpfFileSystem.Unmount(_mount);
            Directory.Delete(_mount);
        }
    }
}
