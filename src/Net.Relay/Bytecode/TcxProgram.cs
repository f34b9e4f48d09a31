using Net.Packets.Bytecode;
using static Net.Packets.Bytecode.EbpfCondition;
using static Net.Packets.Bytecode.EbpfOperation;
using static Net.Packets.Bytecode.EbpfRegister;

namespace Net.Relay.Bytecode;

/// <summary>The program at the ingress of an interface. One is loaded for all interfaces and rules, as the maps tell them apart: a change of rules changes maps and never the program. It
/// also drops early what packet workers take from their rings.</summary>
public static class TcxProgram
{
    /// <summary>Writes the program; it needs Linux 6.6 to be attached, CAP_BPF and CAP_NET_ADMIN to be loaded.</summary>
    /// <param name="maps">The maps it uses.</param>
    /// <param name="maxTargets">The most targets of an entry it looks at, 1 to <see cref="KernelLayout.MaxTargets"/>.</param>
    /// <returns>Its instructions.</returns>
    public static ulong[] Write(KernelMaps maps, int maxTargets = KernelLayout.MaxTargets)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTargets, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxTargets, KernelLayout.MaxTargets);
        var writer = new ProgramWriter(KernelHook.Tcx, maps);
        var ipv6 = new EbpfLabel();
        writer.WriteStart(ipv6);
        writer.WriteMatch4();
        WriteOutputs(writer, maps, maxTargets, isIPv6: false);
        writer.WriteMatch6(ipv6);
        WriteOutputs(writer, maps, maxTargets, isIPv6: true);
        writer.WriteEnds();
        return writer.Code.Build();
    }

    // A copy for each output but the last one, which gets the packet itself.
    private static void WriteOutputs(ProgramWriter writer, KernelMaps maps, int maxTargets, bool isIPv6)
    {
        EbpfAssembler code = writer.Code;
        var next = new EbpfLabel();
        var copy = new EbpfLabel();
        writer.WriteCheck(isIPv6);
        code.Store(8, R10, ProgramWriter.StackSkip, 0).Move(R9, 0);
        code.Mark(next).JumpIf(GreaterOrEqual, R9, maxTargets, writer.Consume).Load(8, R1, R10, ProgramWriter.StackCount).JumpIf(GreaterOrEqual, R9, R1, writer.Consume);
        code.Load(8, R1, R10, ProgramWriter.StackFirst).Alu(Add, R1, R9).Alu(Add, R9, 1);
        writer.LookUpArray(maps.Targets, R1, writer.Consume);
        code.Move(R8, R0);
        writer.WriteAdmit(isIPv6, next);
        writer.WriteRewrite(isIPv6);
        code.Load(8, R1, R10, ProgramWriter.StackCount).JumpIf(NotEqual, R9, R1, copy);
        code.Load(4, R1, R8, KernelLayout.TargetCounter);
        writer.Count();
        code.Load(4, R1, R8, KernelLayout.TargetInterface).Move(R2, 0).Call(EbpfHelper.Redirect).Exit();

        var sent = new EbpfLabel();
        code.Mark(copy).Move(R1, R6).Load(4, R2, R8, KernelLayout.TargetInterface).Move(R3, 0).Call(EbpfHelper.CloneRedirect).JumpIf(Equal, R0, 0, sent);
        code.Move(R7, (int)RelayDrop.Queue * 8).Load(4, R1, R8, KernelLayout.TargetCounter);
        writer.CountDrop();
        code.Jump(next).Mark(sent).Load(4, R1, R8, KernelLayout.TargetCounter);
        writer.Count();
        code.Jump(next);
    }
}
