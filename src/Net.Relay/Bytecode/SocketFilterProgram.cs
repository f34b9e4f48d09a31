using Net.Packets.Bytecode;
using static Net.Packets.Bytecode.EbpfRegister;

namespace Net.Relay.Bytecode;

/// <summary>The filter of a packet ring: it lets in what comes in and has an entry, whole, and nothing else. Changing the rules of the ring changes maps and never the filter. Entries are those of
/// packets dropped early. Fragments but the first have no ports and do not get in.</summary>
public static class SocketFilterProgram
{
    /// <summary>Writes the program; CAP_BPF suffices to load it.</summary>
    /// <param name="maps">The maps it uses; only those of entries are looked at.</param>
    /// <returns>Its instructions.</returns>
    public static ulong[] Write(KernelMaps maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        var writer = new ProgramWriter(KernelHook.SocketFilter, maps);
        var ipv6 = new EbpfLabel();
        writer.WriteStart(ipv6);
        writer.WriteMatch4();
        WriteVerdict(writer);
        writer.WriteMatch6(ipv6);
        WriteVerdict(writer);
        writer.WriteEnds();
        return writer.Code.Build();
    }

    // An entry that only leads to those with a source is none.
    private static void WriteVerdict(ProgramWriter writer) => writer.Code.Load(4, R1, R8, KernelLayout.EntryFlags).Alu(EbpfOperation.And, R1, KernelLayout.EntryIsDropped)
        .JumpIf(EbpfCondition.Equal, R1, 0, writer.Pass).Move(R0, -1).Exit();
}
