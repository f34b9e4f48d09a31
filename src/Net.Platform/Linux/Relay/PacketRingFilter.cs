using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>The program of a ring: which frames come in.</summary>
[SupportedOSPlatform("linux")]
internal static class PacketRingFilter
{
    private const uint ProtocolUdp = 17;
    private const uint ProtocolEsp = 50;
    private const uint HeaderFragment = 44;
    private const uint WholeFrame = 0x40000;

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
}
