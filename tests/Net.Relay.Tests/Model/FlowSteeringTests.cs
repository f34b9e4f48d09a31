using System.Net;
using Net.Packets.Bytecode;

namespace Net.Relay.Tests.Model;

public sealed class FlowSteeringTests
{
    [Fact]
    public void The_fanout_program_and_the_hash_agree_on_every_packet()
    {
        var random = new Random(9);
        for (int round = 0; round < 20_000; round++)
        {
            bool isIPv6 = random.Next(2) == 0;
            byte[] address = new byte[isIPv6 ? 16 : 4];
            random.NextBytes(address);
            address[0] = isIPv6 ? (byte)0xFF : (byte)239;
            bool isEsp = random.Next(5) == 0;
            bool isFragment = !isIPv6 && random.Next(5) == 0;
            var builder = new FrameBuilder
            {
                Source = IPAddress.Parse(isIPv6 ? "2001:db8::5" : "10.0.0.5"),
                Destination = new IPAddress(address),
                Port = (ushort)random.Next(65536),
                Protocol = (byte)(isEsp ? 50 : 17),
                Payload = new byte[12],
                Options = !isIPv6 && random.Next(3) == 0 ? new byte[4 * random.Next(1, 11)] : [],
                Fragment = (ushort)(isFragment ? (random.Next(2) == 0 ? 0x2000 : random.Next(1, 0x2000)) : 0x4000),
                Tags = random.Next(3) == 0 ? [0x81, 0, 0, 1] : [],
            };
            byte[] frame = builder.Build();
            ParseResult result = RelayParser.Parse(frame, out PacketView packet);
            Assert.Equal(isFragment ? ParseResult.Fragment : ParseResult.Packet, result);

            uint kernel = FilterMachine.Run(FlowSteering.FanoutProgram, frame, packet.NetworkOffset);

            Assert.Equal(FlowSteering.Hash(address, isEsp || isFragment ? (ushort)0 : builder.Port), kernel);
            Assert.Equal((int)(kernel % 5), FlowSteering.WorkerOf(packet.Destination, packet.DestinationPort, 5));
        }
    }

    [Fact]
    public void The_fanout_program_ends_well_on_whatever_it_is_given()
    {
        byte[][] corpus = Corpus.Frames();
        var random = new Random(10);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] frame = Corpus.Mutate(corpus[random.Next(corpus.Length)], random);

            _ = FilterMachine.Run(FlowSteering.FanoutProgram, frame, Math.Min(14, frame.Length));
        }
    }

    [Fact]
    public void The_fanout_program_is_one_the_kernel_takes()
    {
        IReadOnlyList<FilterInstruction> program = FlowSteering.FanoutProgram;

        // bpf_check_classic: jumps go forward and stay inside, and the last instruction returns.
        for (int at = 0; at < program.Count; at++)
        {
            long furthest = program[at].Code switch
            {
                0x05 => at + 1L + program[at].Value,
                0x15 or 0x45 => at + 1L + Math.Max(program[at].JumpTrue, program[at].JumpFalse),
                _ => at,
            };
            Assert.InRange(furthest, at, program.Count - 1);
        }

        Assert.Equal(0x16, program[^1].Code);
        Assert.InRange(program.Count, 1, 4096);
    }

    [Fact]
    public void An_exact_input_has_one_worker_the_one_its_packets_go_to()
    {
        var random = new Random(11);
        var workers = new List<int>();
        for (int round = 0; round < 2_000; round++)
        {
            int count = random.Next(1, 65);
            string destination = random.Next(2) == 0 ? $"239.{random.Next(256)}.{random.Next(256)}.{random.Next(256)}" : $"ff05::{random.Next(65536):x}:{random.Next(65536):x}";
            RelayInput input = Samples.Input(destination, random.Next(1, 65536));

            FlowSteering.WorkersOf(input, count, workers);

            Assert.Equal([FlowSteering.WorkerOf(RelayAddress.From(input.Destination.Address), input.PortFrom, count)], workers);
        }
    }

    [Fact]
    public void A_prefix_or_range_has_every_worker_its_packets_can_go_to_and_small_ones_no_other()
    {
        var random = new Random(12);
        var workers = new List<int>();
        for (int round = 0; round < 300; round++)
        {
            int count = random.Next(1, 33);
            int length = random.Next(24, 33);
            int from = random.Next(1, 60_000);
            AddressPrefix prefix = AddressPrefix.Of(IPAddress.Parse($"239.{random.Next(256)}.{random.Next(256)}.{random.Next(256)}"), length);
            RelayInput input = Samples.Input(prefix.ToString(), from, from + random.Next(20));
            var expected = new SortedSet<int>();
            uint first = RelayAddress.From(prefix.Address).LastWord;
            for (uint offset = 0; offset < 1u << (32 - length); offset++)
            {
                for (int port = input.PortFrom; port <= input.PortTo; port++)
                {
                    expected.Add((int)(FlowSteering.Hash(first + offset, (ushort)port) % (uint)count));
                }
            }

            FlowSteering.WorkersOf(input, count, workers);

            Assert.Equal(expected, workers);
        }
    }

    [Theory]
    [InlineData("0.0.0.0/0", 1, 65535)]
    [InlineData("ff05::/16", 5000, 5000)]
    [InlineData("ff05::1:0:0/96", 5000, 5000)]
    [InlineData("239.0.0.0/8", 5000, 5000)]
    public void A_wide_prefix_has_all_workers(string destination, int from, int to)
    {
        var workers = new List<int>();

        FlowSteering.WorkersOf(Samples.Input(destination, from, to), 16, workers);

        Assert.Equal(Enumerable.Range(0, 16), workers);
    }

    // The bound: no worker has more than 1.5 times its share of 1,000 flows, however they are numbered. The binomial spread of 1,000 over 8 is below 1.3 in
    // all but one of a million cases; what exceeds 1.5 is a weakness of the hash against that numbering.
    [Theory]
    [InlineData("consecutive groups")]
    [InlineData("groups in steps of 256")]
    [InlineData("groups in steps of 64")]
    [InlineData("consecutive ports of one group")]
    [InlineData("even ports of one group")]
    [InlineData("ports in steps of 1,000 with groups")]
    [InlineData("groups and ports rising together")]
    [InlineData("IPv6 groups")]
    public void Flows_are_spread_fairly_however_they_are_numbered(string numbering)
    {
        const int Flows = 1000;
        foreach (int workers in new[] { 2, 3, 4, 6, 8 })
        {
            var load = new int[workers];
            for (int index = 0; index < Flows; index++)
            {
                (string destination, int port) = numbering switch
                {
                    "consecutive groups" => ($"239.1.{index >> 8}.{index & 255}", 5000),
                    "groups in steps of 256" => ($"239.{1 + (index >> 8)}.{index & 255}.1", 5000),
                    "groups in steps of 64" => ($"239.{1 + (index >> 10)}.{(index >> 2) & 255}.{(index & 3) * 64}", 5000),
                    "consecutive ports of one group" => ("239.1.1.1", 5000 + index),
                    "even ports of one group" => ("239.1.1.1", 5000 + (2 * index)),
                    "ports in steps of 1,000 with groups" => ($"239.1.1.{index % 20}", 1000 * (1 + (index / 20))),
                    "groups and ports rising together" => ($"239.1.{index >> 8}.{index & 255}", 5000 + index),
                    _ => ($"ff05::{index:x}:1", 5000 + (index & 1)),
                };
                load[FlowSteering.WorkerOf(RelayAddress.From(IPAddress.Parse(destination)), (ushort)port, workers)]++;
            }

            Assert.True(load.Max() <= Flows * 1.5 / workers, $"{numbering}, {workers} workers: {string.Join(", ", load)}");
        }
    }

    [Fact]
    public void A_count_of_no_workers_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => FlowSteering.WorkersOf(Samples.Input(), 0, []));
}
