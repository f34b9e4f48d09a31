using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>The two programs of a ring: which frames come in, and which ring of a group gets a frame.</summary>
[SupportedOSPlatform("linux")]
internal static class PacketRingFilter
{
    private const uint ProtocolUdp = 17;
    private const uint ProtocolEsp = 50;
    private const uint HeaderFragment = 44;
    private const uint WholeFrame = 0x40000;

    private const uint PortMultiplier = 0x9E37;
    private const uint FirstFactor = 0x7FEB_352D;
    private const uint SecondFactor = 0x846C_A68B;
    private const uint Shift = 16;
    private const uint MiddleShift = 15;

    /// <summary>Lets in UDP and ESP of IPv4 and IPv6, fragments included, so that they are counted.</summary>
    /// <param name="acceptUnicast">Whether to unicast destinations too, or to multicast only.</param>
    /// <returns>The program.</returns>
    internal static PacketRingProgram Accept(bool acceptUnicast)
    {
        PacketRingProgram program = new PacketRingProgram()
            .Load(Libc.BPF_B, 0).Alu(PacketApi.BPF_RSH, 4)
            .Jump(Libc.BPF_JEQ, 4, null, "not4")
            .Load(Libc.BPF_B, 9)
            .Jump(Libc.BPF_JEQ, ProtocolUdp, "group4", null).Jump(Libc.BPF_JEQ, ProtocolEsp, "group4", "refuse")
            .Label("group4");
        program = acceptUnicast ? program.Return(WholeFrame) : program.Load(Libc.BPF_B, 16).Alu(PacketApi.BPF_AND, 0xf0).Jump(Libc.BPF_JEQ, 0xe0, "take", "refuse");
        program = program
            .Label("not4").Jump(Libc.BPF_JEQ, 6, null, "refuse")
            .Load(Libc.BPF_B, 6)
            .Jump(Libc.BPF_JEQ, ProtocolUdp, "group6", null).Jump(Libc.BPF_JEQ, ProtocolEsp, "group6", null).Jump(Libc.BPF_JEQ, HeaderFragment, "group6", "refuse")
            .Label("group6");
        program = acceptUnicast ? program : program.Load(Libc.BPF_B, 24).Jump(Libc.BPF_JEQ, 0xff, "take", "refuse");
        return program.Label("take").Return(WholeFrame).Label("refuse").Return(0);
    }

    /// <summary>Spreads frames over the rings of a group by destination and port, with the arithmetic of the domain's FlowSteering: the last four bytes of the
    /// destination plus the port times 9e37, mixed by lowbias32; the kernel takes that modulo the number of rings. ESP and fragments count as port 0.</summary>
    /// <returns>The program.</returns>
    internal static PacketRingProgram Steer() => Mix(Mix(Mix(Mix(new PacketRingProgram()
        .Load(Libc.BPF_B, 0).Alu(PacketApi.BPF_RSH, 4)
        .Jump(Libc.BPF_JEQ, 4, null, "six")
        .Load(Libc.BPF_B, 9).Jump(Libc.BPF_JEQ, ProtocolUdp, null, "noPort4")
        .Load(Libc.BPF_H, 6).Jump(PacketApi.BPF_JSET, 0x3fff, "noPort4", null)
        .Load(Libc.BPF_B, 0).Alu(PacketApi.BPF_AND, 0xf).Alu(PacketApi.BPF_LSH, 2).Raw(PacketApi.BPF_MISC | PacketApi.BPF_TAX)
        .LoadIndexed(Libc.BPF_H, 2).Alu(PacketApi.BPF_MUL, PortMultiplier).Raw(PacketApi.BPF_MISC | PacketApi.BPF_TAX)
        .Load(PacketApi.BPF_W, 16).Raw(PacketApi.BPF_ALU | PacketApi.BPF_ADD | PacketApi.BPF_X))
        .Label("noPort4").Load(PacketApi.BPF_W, 16))
        .Label("six").Jump(Libc.BPF_JEQ, 6, null, "other")
        .Load(Libc.BPF_B, 6).Jump(Libc.BPF_JEQ, ProtocolUdp, null, "noPort6")
        .Load(Libc.BPF_H, 42).Alu(PacketApi.BPF_MUL, PortMultiplier).Raw(PacketApi.BPF_MISC | PacketApi.BPF_TAX)
        .Load(PacketApi.BPF_W, 36).Raw(PacketApi.BPF_ALU | PacketApi.BPF_ADD | PacketApi.BPF_X))
        .Label("noPort6").Load(PacketApi.BPF_W, 36))
        .Label("other").Return(0);

    // The finalizer lowbias32 over A.
    private static PacketRingProgram Mix(PacketRingProgram program) => Fold(Fold(Fold(program, Shift).Alu(PacketApi.BPF_MUL, FirstFactor), MiddleShift).Alu(PacketApi.BPF_MUL, SecondFactor), Shift).ReturnA();

    private static PacketRingProgram Fold(PacketRingProgram program, uint shift) => program
        .Raw(PacketApi.BPF_MISC | PacketApi.BPF_TAX).Alu(PacketApi.BPF_RSH, shift).Raw(PacketApi.BPF_ALU | PacketApi.BPF_XOR | PacketApi.BPF_X);
}
