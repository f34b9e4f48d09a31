using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Net.Packets.Bytecode;
using static Net.Packets.Bytecode.EbpfCondition;
using static Net.Packets.Bytecode.EbpfOperation;
using static Net.Packets.Bytecode.EbpfRegister;

namespace Net.Platform.Linux.Relay;

/// <summary>The XDP program that paces live frames: it writes the header anew into each, since a receiver that shares the memory may have rewritten it, sets what varies, brings the
/// checksums up to date and sends it; or drops it when its time has not come. Sums are taken over little-endian words, as a one's complement sum may (RFC 1071 section 2 (B)).</summary>
internal static class LiveFrameProgram
{
    // The map's one value.
    internal const int Sent = 0;
    internal const int Start = 8;
    internal const int Due = 16;
    internal const int Interval = 24;
    internal const int Deadline = 32;
    internal const int StateBytes = 40;

    // The interval and what it adds up to are in 1/1024 ns, or 10 million packets per second would be off by a percent.
    internal const int IntervalShift = 10;

    private const int EthernetBytes = 14;
    private const int Drop = 1;
    private const int DataOffset = 0;
    private const int DataEndOffset = 4;

    // What of a frame is written anew each time: the longest headers, and what a generator puts behind them.
    private const int RewrittenBytes = 128;

    /// <summary>Writes the program.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="interfaceIndex">Where it leaves.</param>
    /// <param name="map">Descriptor of the map with the state.</param>
    /// <param name="variations">What varies.</param>
    internal static ulong[] Write(ReadOnlySpan<byte> frame, int interfaceIndex, int map, ReadOnlySpan<FrameVariation> variations)
    {
        var code = new EbpfAssembler();
        var drop = new EbpfLabel();
        var started = new EbpfLabel();
        var due = new EbpfLabel();

        // R7 the frame, R8 the state, R9 the time, R6 the number of the frame.
        code.Load(4, R7, R1, DataOffset).Load(4, R6, R1, DataEndOffset).Move(R1, R7).Alu(Add, R1, frame.Length).JumpIf(Greater, R1, R6, drop);
        code.Store(4, R10, -4, 0).LoadMap(R1, map).Move(R2, R10).Alu(Add, R2, -4).Call(EbpfHelper.MapLookup).JumpIf(Equal, R0, 0, drop).Move(R8, R0);
        code.Call(EbpfHelper.TimeNanoseconds).Move(R9, R0);
        code.Load(8, R1, R8, Deadline).JumpIf(GreaterOrEqual, R9, R1, drop);
        code.Load(8, R2, R8, Interval).JumpIf(Equal, R2, 0, due);
        code.Load(8, R1, R8, Start).JumpIf(NotEqual, R1, 0, started).Store(8, R8, Start, R9).Move(R1, R9).Mark(started);
        code.Move(R3, R9).Alu(Subtract, R3, R1).Alu(ShiftLeft, R3, IntervalShift).Load(8, R1, R8, Due).JumpIf(Less, R3, R1, drop);
        code.Alu(Add, R1, R2).Store(8, R8, Due, R1);
        code.Mark(due).Load(8, R6, R8, Sent).Move(R1, R6).Alu(Add, R1, 1).Store(8, R8, Sent, R1);
        WriteHeader(code, frame[..Math.Min(frame.Length, RewrittenBytes)]);
        foreach (FrameVariation variation in variations)
        {
            WriteVariation(code, variation);
        }

        WriteChecksums(code, frame, variations);
        code.Move(R1, interfaceIndex).Move(R2, 0).Call(EbpfHelper.Redirect).Exit();
        return code.Mark(drop).Move(R0, Drop).Exit().Build();
    }

    private static void WriteHeader(EbpfAssembler code, ReadOnlySpan<byte> header)
    {
        int offset = 0;
        for (; offset + 8 <= header.Length; offset += 8)
        {
            code.Move64(R1, BinaryPrimitives.ReadUInt64LittleEndian(header[offset..])).Store(8, R7, offset, R1);
        }

        for (; offset < header.Length; offset++)
        {
            code.Store(1, R7, offset, header[offset]);
        }
    }

    private static void WriteVariation(EbpfAssembler code, FrameVariation variation)
    {
        if (variation.IsTime)
        {
            code.Move(R1, R9);
        }
        else
        {
            code.Move(R1, R6);
            if (variation.Every > 1)
            {
                code.Alu(Divide, R1, variation.Every);
            }

            if (variation.Count > 0)
            {
                code.Alu(Modulo, R1, variation.Count);
            }

            code.Move64(R2, variation.First).Alu(Add, R1, R2);
        }

        if (variation.Bytes > 1)
        {
            code.ToBigEndian(R1, variation.Bytes * 8);
        }

        code.Store(variation.Bytes, R7, variation.Offset, R1);
    }

    private static void WriteChecksums(EbpfAssembler code, ReadOnlySpan<byte> frame, ReadOnlySpan<FrameVariation> variations)
    {
        int type = frame.Length >= EthernetBytes ? BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) : 0;
        if (type == 0x0800 && frame.Length >= EthernetBytes + 20)
        {
            int headerEnd = EthernetBytes + ((frame[EthernetBytes] & 15) * 4);
            WriteSum(code, frame, variations, EthernetBytes, headerEnd, EthernetBytes + 10, 0, isUdp: false);
            WriteUdp(code, frame, variations, protocol: frame[EthernetBytes + 9], addresses: EthernetBytes + 12, addressBytes: 8, headerEnd);
        }
        else if (type == 0x86dd && frame.Length >= EthernetBytes + 40)
        {
            WriteUdp(code, frame, variations, protocol: frame[EthernetBytes + 6], addresses: EthernetBytes + 8, addressBytes: 32, EthernetBytes + 40);
        }
    }

    private static void WriteUdp(
        EbpfAssembler code, ReadOnlySpan<byte> frame, ReadOnlySpan<FrameVariation> variations, int protocol, int addresses, int addressBytes, int udp)
    {
        // A checksum of zero says that there is none (RFC 768): it stays so.
        if (protocol != 17 || frame.Length < udp + 8 || BinaryPrimitives.ReadUInt16BigEndian(frame[(udp + 6)..]) == 0)
        {
            return;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(frame[(udp + 4)..]);
        ulong pseudo = BinaryPrimitives.ReverseEndianness((ushort)17) + (ulong)BinaryPrimitives.ReverseEndianness((ushort)length);

        // Both parts go into one sum: the addresses first, whose varying words are loaded in R0 before the rest is added.
        ulong sum = pseudo + SumOfFixed(frame, variations, addresses, addresses + addressBytes, skipped: -1);
        code.Move(R0, 0);
        AddVarying(code, variations, addresses, addresses + addressBytes, skipped: -1);
        WriteSum(code, frame, variations, udp, Math.Min(frame.Length, udp + length), udp + 6, sum, isUdp: true);
    }

    private static void WriteSum(
        EbpfAssembler code, ReadOnlySpan<byte> frame, ReadOnlySpan<FrameVariation> variations, int from, int to, int field, ulong sum, bool isUdp)
    {
        if (!isUdp)
        {
            code.Move(R0, 0);
        }

        AddVarying(code, variations, from, to, field);
        code.Move64(R1, sum + SumOfFixed(frame, variations, from, to, field)).Alu(Add, R0, R1);
        for (int i = 0; i < 3; i++)
        {
            code.Move(R1, R0).Alu(ShiftRight, R1, 16).Alu(And, R0, 0xffff).Alu(Add, R0, R1);
        }

        code.Alu(Xor, R0, 0xffff).Alu(And, R0, 0xffff);
        if (isUdp)
        {
            var isSet = new EbpfLabel();
            code.JumpIf(NotEqual, R0, 0, isSet).Move(R0, 0xffff).Mark(isSet);
        }

        code.Store(2, R7, field, R0);
    }

    private static ulong SumOfFixed(ReadOnlySpan<byte> frame, ReadOnlySpan<FrameVariation> variations, int from, int to, int skipped)
    {
        ulong sum = 0;
        for (int at = from; at < to; at += 2)
        {
            if (at != skipped && !Varies(variations, at))
            {
                sum += at + 1 < to ? MemoryMarshal.Read<ushort>(frame[at..]) : frame[at];
            }
        }

        return sum;
    }

    private static void AddVarying(EbpfAssembler code, ReadOnlySpan<FrameVariation> variations, int from, int to, int skipped)
    {
        for (int at = from; at < to; at += 2)
        {
            if (at != skipped && Varies(variations, at))
            {
                code.Load(at + 1 < to ? 2 : 1, R1, R7, at).Alu(Add, R0, R1);
            }
        }
    }

    // Headers are of even length, so words of the sum begin at even offsets.
    private static bool Varies(ReadOnlySpan<FrameVariation> variations, int word)
    {
        foreach (FrameVariation variation in variations)
        {
            if (word + 1 >= variation.Offset && word < variation.Offset + variation.Bytes)
            {
                return true;
            }
        }

        return false;
    }
}
