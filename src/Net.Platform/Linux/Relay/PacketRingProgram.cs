using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>A classic BPF program in the making (linux/filter.h), with labels instead of counted jumps. Loads count from the network header (SKF_NET_OFF),
/// so that neither the link's header nor VLAN tags matter.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class PacketRingProgram
{
    private readonly List<Libc.sock_filter> _code = [];
    private readonly List<(string? IfTrue, string? IfFalse)> _targets = [];
    private readonly Dictionary<string, int> _labels = new(StringComparer.Ordinal);

    /// <summary>Loads into A from an offset of the network header.</summary>
    /// <param name="size">BPF_B, BPF_H or BPF_W.</param>
    /// <param name="offset">The offset in bytes.</param>
    internal PacketRingProgram Load(int size, int offset) => Add(Libc.BPF_LD | size | Libc.BPF_ABS, unchecked((uint)(PacketApi.SKF_NET_OFF + offset)));

    /// <summary>Calculates with A and a constant.</summary>
    /// <param name="operation">BPF_AND, BPF_RSH and such.</param>
    /// <param name="value">The constant.</param>
    internal PacketRingProgram Alu(int operation, uint value) => Add(PacketApi.BPF_ALU | operation | Libc.BPF_K, value);

    /// <summary>Compares A with a constant and goes on where the result says.</summary>
    /// <param name="test">BPF_JEQ or BPF_JGE.</param>
    /// <param name="value">The constant.</param>
    /// <param name="ifTrue">Where to when it holds; null for the next instruction.</param>
    /// <param name="ifFalse">Where to when it does not; null for the next instruction.</param>
    internal PacketRingProgram Jump(int test, uint value, string? ifTrue, string? ifFalse) => Add(Libc.BPF_JMP | test | Libc.BPF_K, value, ifTrue, ifFalse);

    /// <summary>Ends with a value.</summary>
    /// <param name="value">Bytes to take of the frame.</param>
    internal PacketRingProgram Return(uint value) => Add(Libc.BPF_RET | Libc.BPF_K, value);

    /// <summary>Names the next instruction.</summary>
    /// <param name="name">The name, used once.</param>
    internal PacketRingProgram Label(string name)
    {
        _labels.Add(name, _code.Count);
        return this;
    }

    /// <summary>Gives the program to a socket.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="level">SOL_SOCKET or SOL_PACKET.</param>
    /// <param name="option">SO_ATTACH_FILTER or PACKET_FANOUT_DATA.</param>
    /// <param name="step">The step for the message of a failure.</param>
    /// <exception cref="SocketException">The kernel refused it.</exception>
    internal void Attach(SafeHandle socket, int level, int option, string step) => Attach(Build(), socket, level, option, step);

    /// <summary>Gives a program made elsewhere to a socket.</summary>
    /// <param name="code">The program.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="level">SOL_SOCKET or SOL_PACKET.</param>
    /// <param name="option">SO_ATTACH_FILTER or PACKET_FANOUT_DATA.</param>
    /// <param name="step">The step for the message of a failure.</param>
    /// <exception cref="SocketException">The kernel refused it.</exception>
    internal static void Attach(Libc.sock_filter[] code, SafeHandle socket, int level, int option, string step)
    {
        fixed (Libc.sock_filter* first = code)
        {
            Libc.sock_fprog program = new() { len = (ushort)code.Length, filter = first };
            if (PacketApi.setsockopt(socket, level, option, &program, (uint)sizeof(Libc.sock_fprog)) < 0)
            {
                throw DescriptorChannel.Failure(step, Marshal.GetLastPInvokeError());
            }
        }
    }

    /// <summary>Resolves the labels.</summary>
    /// <returns>The program.</returns>
    internal Libc.sock_filter[] Build()
    {
        Libc.sock_filter[] result = [.. _code];
        for (int at = 0; at < result.Length; at++)
        {
            result[at].jt = Distance(at, _targets[at].IfTrue);
            result[at].jf = Distance(at, _targets[at].IfFalse);
        }

        return result;
    }

    private byte Distance(int from, string? label) => label is null ? (byte)0 : checked((byte)(_labels[label] - from - 1));

    private PacketRingProgram Add(int code, uint value, string? ifTrue = null, string? ifFalse = null)
    {
        _code.Add(new Libc.sock_filter { code = (ushort)code, k = value });
        _targets.Add((ifTrue, ifFalse));
        return this;
    }
}
