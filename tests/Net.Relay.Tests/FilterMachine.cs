using System.Buffers.Binary;
using Net.Packets.Bytecode;

namespace Net.Relay.Tests;

/// <summary>Runs classic BPF programs as the kernel does (net/core/filter.c), with offsets from SKF_NET_OFF on relative to the network header.</summary>
internal static class FilterMachine
{
    private const uint NetworkBase = 0xFFF0_0000;

    public static uint Run(IReadOnlyList<FilterInstruction> program, ReadOnlySpan<byte> frame, int networkOffset)
    {
        uint a = 0;
        uint x = 0;
        Span<uint> memory = stackalloc uint[16];
        for (int at = 0; at < program.Count; at++)
        {
            (ushort code, byte jumpTrue, byte jumpFalse, uint k) = program[at];
            switch (code)
            {
                case 0x30 or 0x28 or 0x20 or 0x50 or 0x48 or 0x40:
                    uint offset = (code & 0xE0) == 0x40 ? unchecked(x + k) : k;
                    int bytes = (code & 0x18) switch { 0x10 => 1, 0x08 => 2, _ => 4 };
                    long start = offset >= NetworkBase ? networkOffset + (long)(offset - NetworkBase) : offset;
                    if (start + bytes > frame.Length)
                    {
                        return 0;
                    }

                    ReadOnlySpan<byte> field = frame.Slice((int)start, bytes);
                    a = bytes switch { 1 => field[0], 2 => BinaryPrimitives.ReadUInt16BigEndian(field), _ => BinaryPrimitives.ReadUInt32BigEndian(field) };
                    break;
                case 0x00:
                    a = k;
                    break;
                case 0x61:
                    x = memory[(int)k];
                    break;
                case 0x02:
                    memory[(int)k] = a;
                    break;
                case 0x07:
                    x = a;
                    break;
                case 0x0C:
                    a = unchecked(a + x);
                    break;
                case 0xAC:
                    a ^= x;
                    break;
                case 0x54:
                    a &= k;
                    break;
                case 0x24:
                    a = unchecked(a * k);
                    break;
                case 0x64:
                    a <<= (int)k;
                    break;
                case 0x74:
                    a >>= (int)k;
                    break;
                case 0x05:
                    at += (int)k;
                    break;
                case 0x15:
                    at += a == k ? jumpTrue : jumpFalse;
                    break;
                case 0x45:
                    at += (a & k) != 0 ? jumpTrue : jumpFalse;
                    break;
                case 0x06:
                    return k;
                case 0x16:
                    return a;
                default:
                    throw new InvalidDataException($"Instruction {at} has the unknown code {code:x}.");
            }
        }

        throw new InvalidDataException("The program does not return.");
    }
}
