using Net.Packets.Bytecode;
using static Net.Packets.Bytecode.EbpfCondition;
using static Net.Packets.Bytecode.EbpfOperation;
using static Net.Packets.Bytecode.EbpfRegister;

namespace Net.Relay.Bytecode;

/// <summary>The programs in drivers. An entry with one target is rewritten and redirected at once; one with more is broadcast to a map of its devices, and a second program, which runs for
/// each copy, rewrites it for the target with that device. So a device may occur once among the targets of an entry, and an entry has one rule.</summary>
public static class XdpProgram
{
    // BPF_F_BROADCAST | BPF_F_EXCLUDE_INGRESS
    private const int ToAllOthers = 0x18;
    private const int VerdictPass = 2;

    /// <summary>Writes the program for input interfaces.</summary>
    /// <param name="maps">The maps it uses, those of devices among them.</param>
    /// <returns>Its instructions.</returns>
    public static ulong[] Write(KernelMaps maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        var writer = new ProgramWriter(KernelHook.Xdp, maps);
        var ipv6 = new EbpfLabel();
        writer.WriteStart(ipv6);
        writer.WriteMatch4();
        WriteInput(writer, maps, isIPv6: false);
        writer.WriteMatch6(ipv6);
        WriteInput(writer, maps, isIPv6: true);
        writer.WriteEnds();
        return writer.Code.Build();
    }

    /// <summary>Writes the program for the devices of broadcasts.</summary>
    /// <param name="maps">The maps it uses.</param>
    /// <returns>Its instructions.</returns>
    public static ulong[] WriteDevice(KernelMaps maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        var writer = new ProgramWriter(KernelHook.XdpDevice, maps);
        var ipv6 = new EbpfLabel();
        writer.WriteStart(ipv6);
        writer.WriteMatch4();
        WriteOutput(writer, maps, isIPv6: false);
        writer.WriteMatch6(ipv6);
        WriteOutput(writer, maps, isIPv6: true);
        writer.WriteEnds();
        return writer.Code.Build();
    }

    private static void WriteInput(ProgramWriter writer, KernelMaps maps, bool isIPv6)
    {
        EbpfAssembler code = writer.Code;
        var single = new EbpfLabel();
        writer.WriteCheck(isIPv6);
        code.Load(8, R1, R10, ProgramWriter.StackCount).JumpIf(Equal, R1, 1, single);
        code.Load(8, R1, R10, ProgramWriter.StackFirst);
        writer.LookUpArray(maps.Targets, R1, writer.Consume);
        code.Move(R8, R0);
        writer.WriteInputOnly(isIPv6);
        code.Load(8, R1, R10, ProgramWriter.StackFirst);
        writer.LookUpArray(maps.Broadcasts, R1, writer.Consume);
        code.Move(R1, R0).Move(R2, 0).Move(R3, ToAllOthers).Call(EbpfHelper.RedirectMap).Exit();

        code.Mark(single).Store(8, R10, ProgramWriter.StackSkip, 0).Load(8, R1, R10, ProgramWriter.StackFirst);
        writer.LookUpArray(maps.Targets, R1, writer.Consume);
        code.Move(R8, R0);
        writer.WriteAdmit(isIPv6, writer.Consume);
        writer.WriteRewrite(isIPv6);
        code.Load(4, R1, R8, KernelLayout.TargetCounter);
        writer.Count();
        code.LoadMap(R1, maps.Devices).Load(4, R2, R8, KernelLayout.TargetInterface).Move(R3, 0).Call(EbpfHelper.RedirectMap).Exit();
    }

    private static void WriteOutput(ProgramWriter writer, KernelMaps maps, bool isIPv6)
    {
        EbpfAssembler code = writer.Code;
        var next = new EbpfLabel();
        writer.WriteCheck(isIPv6);
        code.Move(R9, 0);
        code.Mark(next).JumpIf(GreaterOrEqual, R9, KernelLayout.MaxTargets, writer.Consume).Load(8, R1, R10, ProgramWriter.StackCount);
        code.JumpIf(GreaterOrEqual, R9, R1, writer.Consume).Load(8, R1, R10, ProgramWriter.StackFirst).Alu(Add, R1, R9).Alu(Add, R9, 1);
        writer.LookUpArray(maps.Targets, R1, writer.Consume);
        code.Move(R8, R0).Load(4, R1, R8, KernelLayout.TargetInterface).Load(4, R2, R6, ProgramWriter.XdpEgress).JumpIf(NotEqual, R1, R2, next);
        writer.WriteAdmit(isIPv6, writer.Consume);
        writer.WriteRewrite(isIPv6);
        code.Load(4, R1, R8, KernelLayout.TargetCounter);
        writer.Count();
        code.Move(R0, VerdictPass).Exit();
    }
}
