using System.Net;
using Net.Engine.Relay.Kernel;
using Net.Platform.Linux.Relay;
using Net.Relay;

namespace Net.Engine.Tests.Relay.Kernel;

/// <summary>The kernel's programs, run by the kernel on packets in memory, against the rewriting of the packet engine.</summary>
public sealed class KernelProgramTests
{
    private const int Loopback = 1;
    private const uint Redirected = 7;
    private const uint Consumed = 2;
    private const uint Passed = uint.MaxValue;
    private const uint XdpRedirected = 4;
    private static readonly byte[] OutputMac = [2, 0, 0, 0, 1, 1];

    [Fact]
    public void Tcx_rewrites_as_the_packet_engine_does()
    {
        KernelNamespace.SkipUnlessPossible();
        using var space = new KernelNamespace();
        (int output, _) = space.AddPair("o0", "s0");

        string[] differences = space.Namespace.Run(() => CompareAll(RelayEngineKind.Tcx, output));

        Assert.Empty(differences);
    }

    [Fact]
    public void Xdp_rewrites_as_the_packet_engine_does()
    {
        KernelNamespace.SkipUnlessPossible();
        using var space = new KernelNamespace();
        (int output, _) = space.AddPair("o0", "s0");

        string[] differences = space.Namespace.Run(() => CompareAll(RelayEngineKind.Xdp, output));

        Assert.Empty(differences);
    }

    [Fact]
    public void Packets_that_no_rule_takes_or_may_take_pass()
    {
        KernelNamespace.SkipUnlessPossible();
        using var space = new KernelNamespace();
        (int output, _) = space.AddPair("o0", "s0");
        RelayFlow flow = Flow("239.1.1.1/32", 5000, Target(output, "239.2.2.2", 6000));
        byte[] good = KernelFrames.Build("10.0.0.1", "239.1.1.1", 5000, 100);
        (string What, byte[] Frame, RelayDrop? Drop)[] cases =
        [
            ("another port", KernelFrames.Build("10.0.0.1", "239.1.1.1", 5001, 100), null),
            ("another group", KernelFrames.Build("10.0.0.1", "239.1.1.2", 5000, 100), null),
            ("TCP", Changed(good, 23, 6), null),
            ("ARP", Changed(good, 13, 6), null),
            ("a frame cut short", good[..40], null),
            ("a later fragment", Changed(good, 21, 9), null),
            ("the first fragment", Changed(good, 20, 0x20), RelayDrop.Fragment),
            ("a wrong header checksum", Changed(good, 24, (byte)(good[24] ^ 1)), RelayDrop.Checksum),
            ("a length beyond the frame", Resummed(Changed(good, 16, 9)), RelayDrop.Malformed),
            ("a UDP length beyond the packet", Changed(good, 38, 9), RelayDrop.Malformed),
            ("a UDP length below its header", Changed(Changed(good, 38, 0), 39, 7), RelayDrop.Malformed),
        ];

        space.Namespace.Run(() =>
        {
            using KernelEngine engine = NewEngine(RelayEngineKind.Tcx);
            Assert.Empty(engine.Apply([flow], []));
            foreach ((string what, byte[] frame, RelayDrop? drop) in cases)
            {
                long before = Drops(engine, RelayCounters.Input, drop ?? RelayDrop.Malformed);
                byte[] result = new byte[frame.Length];
                uint verdict = engine.Set!.Program.Run(frame, result).ReturnValue;

                Assert.True(verdict == Passed, $"{what}: verdict {verdict}");
                Assert.True(result.AsSpan().SequenceEqual(frame), $"{what}: changed");
                Assert.True(Drops(engine, RelayCounters.Input, drop ?? RelayDrop.Malformed) - before == (drop is null ? 0 : 1), $"{what}: not counted as it should be");
            }
        });
    }

    [Fact]
    public void A_packet_an_output_cannot_send_is_counted_there()
    {
        KernelNamespace.SkipUnlessPossible();
        using var space = new KernelNamespace();
        (int output, _) = space.AddPair("o0", "s0");
        RelayTarget target = Target(output, "239.2.2.2", 6000);
        (RelayTarget Target, byte Ttl, RelayDrop Drop)[] cases =
        [
            (target with { Ttl = null }, 1, RelayDrop.Ttl),
            (target with { Ttl = 0 }, 9, RelayDrop.Ttl),
            (target with { IsPaused = true }, 9, RelayDrop.Paused),
            (target with { MtuBytes = 127 }, 9, RelayDrop.TooBig),
            (target with { PacketsPerSecond = 1 }, 9, RelayDrop.Rate),
            (target with { BitsPerSecond = 8 }, 9, RelayDrop.Rate),
        ];

        space.Namespace.Run(() =>
        {
            foreach ((RelayTarget changed, byte ttl, RelayDrop drop) in cases)
            {
                using KernelEngine engine = NewEngine(RelayEngineKind.Tcx);
                Assert.Empty(engine.Apply([Flow("239.1.1.1/32", 5000, changed)], []));
                byte[] frame = KernelFrames.Build("10.0.0.1", "239.1.1.1", 5000, 100, ttl);
                byte[] result = new byte[frame.Length];

                // The first one may use up what a limit allows at once.
                engine.Set!.Program.Run(frame, result);
                uint verdict = engine.Set.Program.Run(frame, result).ReturnValue;

                Assert.True(verdict == Consumed, $"{drop}: verdict {verdict}");
                Assert.True(Drops(engine, 0, drop) == (drop == RelayDrop.Rate ? 1 : 2), $"{drop}: {Drops(engine, 0, drop)} counted");
            }
        });
    }

    [Fact]
    public void Only_allowed_sources_are_relayed()
    {
        KernelNamespace.SkipUnlessPossible();
        using var space = new KernelNamespace();
        (int output, _) = space.AddPair("o0", "s0");
        RelayFlow four = Flow("239.1.1.1/32", 5000, Target(output, "239.2.2.2", 6000)) with { AllowedSources = [AddressPrefix.Parse("10.1.0.0/16"), AddressPrefix.Parse("10.9.9.9")] };
        RelayFlow six = Flow("ff05::1/128", 5000, Target(output, "ff05::2", 6000)) with { RuleId = 2, AllowedSources = [AddressPrefix.Parse("2001:db8::/32")] };

        space.Namespace.Run(() =>
        {
            using KernelEngine engine = NewEngine(RelayEngineKind.Tcx);
            Assert.Empty(engine.Apply([four, six], []));

            Assert.Equal(Redirected, Verdict(engine, KernelFrames.Build("10.1.2.3", "239.1.1.1", 5000, 10)));
            Assert.Equal(Redirected, Verdict(engine, KernelFrames.Build("10.9.9.9", "239.1.1.1", 5000, 10)));
            Assert.Equal(Consumed, Verdict(engine, KernelFrames.Build("10.9.9.8", "239.1.1.1", 5000, 10)));
            Assert.Equal(Redirected, Verdict(engine, KernelFrames.Build("2001:db8::7", "ff05::1", 5000, 10)));
            Assert.Equal(Consumed, Verdict(engine, KernelFrames.Build("2001:db9::7", "ff05::1", 5000, 10)));
            Assert.Equal(1, Drops(engine, RelayCounters.Input, RelayDrop.Source));
        });
    }

    [Fact]
    public void A_rule_for_one_source_comes_before_one_for_any_and_prefixes_come_last()
    {
        KernelNamespace.SkipUnlessPossible();
        using var space = new KernelNamespace();
        (int output, _) = space.AddPair("o0", "s0");
        RelayFlow specific = Flow("239.1.1.1/32", 5000, Target(output, "239.2.0.1", 6000));
        specific = specific with { Input = specific.Input with { Source = AddressPrefix.Parse("10.0.0.1") } };
        RelayFlow wide = Flow("239.1.0.0/16", 5000, Target(output, "239.2.0.3", 6000)) with { RuleId = 3 };
        RelayFlow wider = Flow("ff05::/16", 5000, Target(output, "ff05::3", 6000)) with { RuleId = 4 };

        space.Namespace.Run(() =>
        {
            using KernelEngine engine = NewEngine(RelayEngineKind.Tcx);
            Assert.Empty(engine.Apply([specific, wide, wider], []));

            // The packet itself goes to the last target: here the prefix's, as both rules deliver.
            Assert.Equal("239.2.0.3", DestinationOf(engine, KernelFrames.Build("10.0.0.1", "239.1.1.1", 5000, 10)));
            Assert.Equal("239.2.0.3", DestinationOf(engine, KernelFrames.Build("10.0.0.2", "239.1.1.1", 5000, 10)));
            Assert.Equal("239.2.0.3", DestinationOf(engine, KernelFrames.Build("10.0.0.2", "239.1.7.1", 5000, 10)));
            Assert.Equal("ff05::3", DestinationOf(engine, KernelFrames.Build("fe80::1", "ff05::77", 5000, 10)));
            Assert.Equal(Passed, Verdict(engine, KernelFrames.Build("10.0.0.2", "239.3.7.1", 5000, 10)));
            Assert.Equal(1, Packets(engine, 1, RelayCounters.Input));
            Assert.Equal(3, Packets(engine, 3, RelayCounters.Input));

            Assert.Empty(engine.Apply([specific], []));
            Assert.Equal("239.2.0.1", DestinationOf(engine, KernelFrames.Build("10.0.0.1", "239.1.1.1", 5000, 10)));
            Assert.Equal(Passed, Verdict(engine, KernelFrames.Build("10.0.0.2", "239.1.1.1", 5000, 10)));
            Assert.Equal(2, Packets(engine, 1, RelayCounters.Input));
        });
    }

    [Fact]
    public void What_workers_take_is_dropped_early()
    {
        KernelNamespace.SkipUnlessPossible();
        using var space = new KernelNamespace();
        (int output, _) = space.AddPair("o0", "s0");
        RelayFlow flow = Flow("239.1.1.1/32", 5000, Target(output, "239.2.2.2", 6000));
        RelayFlow range = flow with { Input = flow.Input with { PortFrom = 5001, PortTo = 5003 } };

        space.Namespace.Run(() =>
        {
            using KernelEngine engine = NewEngine(RelayEngineKind.Tcx);
            Assert.Empty(engine.Apply([flow], [range]));

            Assert.Equal(Redirected, Verdict(engine, KernelFrames.Build("10.0.0.2", "239.1.1.1", 5000, 10)));
            Assert.Equal(Consumed, Verdict(engine, KernelFrames.Build("10.0.0.2", "239.1.1.1", 5001, 10)));
            Assert.Equal(Consumed, Verdict(engine, KernelFrames.Build("10.0.0.2", "239.1.1.1", 5003, 10)));
            Assert.Equal(Passed, Verdict(engine, KernelFrames.Build("10.0.0.2", "239.1.1.1", 5004, 10)));
        });
    }

    private static string[] CompareAll(RelayEngineKind kind, int output)
    {
        var random = new Random(4);
        var differences = new List<string>();
        using KernelEngine engine = NewEngine(kind);
        for (int round = 0; round < 600; round++)
        {
            (RelayFlow flow, byte[] frame) = Invent(random, output);
            IReadOnlyList<Net.Relay.Bytecode.KernelRefusal> refusals = engine.Apply([flow], []);
            if (refusals.Count > 0)
            {
                differences.Add($"{round}: refused: {refusals[0].Reason}");
                continue;
            }

            byte[] expected = [.. frame];
            Assert.Equal(ParseResult.Packet, RelayParser.Parse(expected, out PacketView packet));
            bool isSent = RelayRewriter.TryRewrite(expected, packet, new TargetRewrite(flow.Targets[0]), out RelayFrame made, out RelayDrop reason);
            byte[] result = new byte[frame.Length];
            uint verdict = engine.Set!.Program.Run(frame, result).ReturnValue;
            uint wanted = isSent ? kind == RelayEngineKind.Tcx ? Redirected : XdpRedirected : kind == RelayEngineKind.Tcx ? Consumed : 1;
            if (verdict != wanted)
            {
                differences.Add($"{round}: verdict {verdict} instead of {wanted} ({reason}) for {flow} {Convert.ToHexString(frame)}");
            }
            else if (isSent && !result.AsSpan(0, made.Length).SequenceEqual(expected.AsSpan(made.Offset, made.Length)))
            {
                differences.Add($"{round}: {Convert.ToHexString(result)} instead of {Convert.ToHexString(expected)}");
            }
            else if (!isSent && Drops(engine, 0, reason) == 0)
            {
                differences.Add($"{round}: {reason} not counted");
            }
        }

        return [.. differences.Take(5)];
    }

    private static (RelayFlow Flow, byte[] Frame) Invent(Random random, int output)
    {
        bool isIPv6 = random.Next(2) == 0;
        byte protocol = random.Next(5) == 0 ? (byte)50 : (byte)17;
        string group = isIPv6 ? $"ff05::{random.Next(1, 0xffff):x}:{random.Next(0xffff):x}" : $"239.{random.Next(256)}.{random.Next(256)}.{random.Next(256)}";
        string source = isIPv6 ? $"2001:db8::{random.Next(0xffff):x}" : $"10.{random.Next(256)}.{random.Next(256)}.{random.Next(256)}";
        int port = protocol == 17 ? random.Next(1, 65536) : 0;
        byte[] frame = KernelFrames.Build(
            source,
            group,
            port,
            random.Next(0, 300),
            (byte)random.Next(1, 256),
            protocol,
            (byte)random.Next(256),
            isIPv6 ? 0 : random.Next(4) == 0 ? random.Next(1, 11) * 4 : 0,
            isIPv6 || random.Next(4) != 0,
            (ushort)random.Next(65536));
        RelayTarget target = Target(output, null, 0) with
        {
            Destination = random.Next(3) == 0 ? null : IPAddress.Parse(isIPv6 ? $"ff08::{random.Next(0xffff):x}" : $"238.1.{random.Next(256)}.{random.Next(256)}"),
            Port = (ushort)(random.Next(3) == 0 ? 0 : random.Next(65536)),
            Ttl = random.Next(2) == 0 ? null : (byte)random.Next(1, 256),
            SourceMode = random.Next(2) == 0 ? SourceMode.Keep : SourceMode.Fixed,
            SourcePort = (ushort)(random.Next(3) == 0 ? random.Next(65536) : 0),
            Dscp = random.Next(2) == 0 ? null : (byte)random.Next(64),
            MtuBytes = random.Next(8) == 0 ? 100 : 1500,
        };
        target = target with { Source = target.SourceMode == SourceMode.Fixed ? IPAddress.Parse(isIPv6 ? $"2001:db8:1::{random.Next(0xffff):x}" : $"172.16.{random.Next(256)}.{random.Next(256)}") : null };
        if (random.Next(6) == 0)
        {
            target = target with { Destination = IPAddress.Parse(isIPv6 ? "2001:db8::99" : "192.0.2.99"), DestinationMac = [2, 9, 9, 9, 9, 9] };
        }

        RelayFlow flow = Flow(random.Next(6) == 0 ? isIPv6 ? "ff00::/8" : "224.0.0.0/4" : group, port, target);
        return (flow with { Input = flow.Input with { Protocol = (RelayProtocol)protocol } }, frame);
    }

    private static KernelEngine NewEngine(RelayEngineKind kind) => new(kind, new KernelRelayOptions { PinFolder = null }, TimeProvider.System);

    private static RelayFlow Flow(string destination, int port, params RelayTarget[] targets) => new()
    {
        RuleId = 1,
        Input = new RelayInput { InterfaceIndex = Loopback, Destination = AddressPrefix.Parse(destination), PortFrom = (ushort)port, PortTo = (ushort)port },
        Targets = targets,
    };

    private static RelayTarget Target(int output, string? destination, int port) => new()
    {
        InterfaceIndex = output,
        MtuBytes = 1500,
        SourceMac = OutputMac,
        Destination = destination is null ? null : IPAddress.Parse(destination),
        Port = (ushort)port,
    };

    private static uint Verdict(KernelEngine engine, byte[] frame) => engine.Set!.Program.Run(frame, new byte[frame.Length]).ReturnValue;

    private static string DestinationOf(KernelEngine engine, byte[] frame)
    {
        byte[] result = new byte[frame.Length];
        BpfRunResult run = engine.Set!.Program.Run(frame, result);
        Assert.Equal(Redirected, run.ReturnValue);
        return new IPAddress(result[14] >> 4 == 4 ? result[30..34] : result[38..54]).ToString();
    }

    private static long Drops(KernelEngine engine, int output, RelayDrop reason)
    {
        var counters = new List<RelayCounters>();
        engine.ReadCounters(counters);
        return counters.Where(counter => counter.RuleId == 1 && counter.Output == output && counter.Drops.Length > 0).Sum(counter => counter.Drops[(int)reason]);
    }

    private static long Packets(KernelEngine engine, int rule, int output)
    {
        var counters = new List<RelayCounters>();
        engine.ReadCounters(counters);
        return counters.Single(counter => counter.RuleId == rule && counter.Output == output).Packets;
    }

    private static byte[] Changed(byte[] frame, int offset, byte value)
    {
        byte[] copy = [.. frame];
        copy[offset] = value;
        return offset is 20 or 21 ? Resummed(copy) : copy;
    }

    private static byte[] Resummed(byte[] frame)
    {
        frame[24] = 0;
        frame[25] = 0;
        ushort sum = KernelFrames.Checksum(frame.AsSpan(14, 20));
        frame[24] = (byte)(sum >> 8);
        frame[25] = (byte)sum;
        return frame;
    }
}
