using Net.Packets.Bytecode;
using Net.Relay.Bytecode;

namespace Net.Relay.Tests.Bytecode;

public sealed class ClockTests
{
    // BPF_JMP | BPF_CALL of linux/bpf.h in the first byte of an instruction, the function in its last four.
    private const byte Call = 0x85;

    private static readonly KernelMaps Maps = new()
    {
        Exact4 = 1,
        Exact6 = 2,
        Prefix4 = 3,
        Prefix6 = 4,
        Sources = 5,
        Targets = 6,
        Counters = 7,
        Drops = 8,
        Rates = 9,
        Devices = 10,
        Broadcasts = 11,
    };

    public static TheoryData<string> Programs => ["tcx", "XDP", "XDP device"];

    [Theory]
    [MemberData(nameof(Programs))]
    public void Packets_are_stamped_by_the_coarse_clock_where_there_is_one_and_limits_always_by_the_exact_one(string program)
    {
        Func<KernelMaps, ulong[]> write = program switch
        {
            "tcx" => maps => TcxProgram.Write(maps),
            "XDP" => XdpProgram.Write,
            _ => XdpProgram.WriteDevice,
        };

        ulong[] coarse = write(Maps with { HasCoarseClock = true });
        ulong[] exact = write(Maps);

        // Once for each version of IP.
        Assert.Equal((2, 2), (Count(coarse, EbpfHelper.TimeCoarseNanoseconds), Count(coarse, EbpfHelper.TimeNanoseconds)));
        Assert.Equal((0, 4), (Count(exact, EbpfHelper.TimeCoarseNanoseconds), Count(exact, EbpfHelper.TimeNanoseconds)));
    }

    private static int Count(ulong[] code, int function) => code.Count(instruction => (byte)instruction == Call && (int)(instruction >> 32) == function);
}
