using System.Buffers.Binary;
using Net.Packets.Bytecode;

namespace Net.Relay;

/// <summary>Which worker has which rule, and so which packet. The same arithmetic runs in the kernel as the fanout program of a packet socket.</summary>
public static class FlowSteering
{
    private const uint PortFactor = 0x9E37;
    private const int Shift = 16;
    private const int MiddleShift = 15;
    private const uint FirstFactor = 0x7FEB_352D;
    private const uint SecondFactor = 0x846C_A68B;

    // Beyond so many addresses and ports per worker a rule is given to all: searching on would cost more than it saves.
    private const int MaxSearchPerWorker = 256;

    /// <summary>The hash of a destination: worker = hash % workers. Address and port are mixed by the finalizer lowbias32 (C. Wellons, "Prospecting for Hash Functions", 2018), so that
    /// groups in steps of 256, as people number them, do not all fall on one of four workers.</summary>
    /// <param name="destination">Destination address, 4 or 16 bytes; the last 4 count.</param>
    /// <param name="port">Destination port; 0 for ESP and for fragments.</param>
    public static uint Hash(ReadOnlySpan<byte> destination, ushort port) => Hash(BinaryPrimitives.ReadUInt32BigEndian(destination[^4..]), port);

    /// <summary>The hash of a destination.</summary>
    /// <param name="lastWord">The last four bytes of the address as a number.</param>
    /// <param name="port">Destination port; 0 for ESP and for fragments.</param>
    public static uint Hash(uint lastWord, ushort port)
    {
        uint mixed = unchecked(lastWord + (port * PortFactor));
        mixed = unchecked((mixed ^ (mixed >> Shift)) * FirstFactor);
        mixed = unchecked((mixed ^ (mixed >> MiddleShift)) * SecondFactor);
        return mixed ^ (mixed >> Shift);
    }

    /// <summary>The worker that gets the packets of a destination.</summary>
    /// <param name="destination">Destination address.</param>
    /// <param name="port">Destination port; 0 for ESP and for fragments.</param>
    /// <param name="workers">How many workers there are, 1 at least.</param>
    public static int WorkerOf(RelayAddress destination, ushort port, int workers) => (int)(Hash(destination.LastWord, port) % (uint)workers);

    /// <summary>The workers that can get packets of an input: one for an exact destination, every one that can occur for prefixes and ranges of ports, in rising order.</summary>
    /// <param name="input">The input.</param>
    /// <param name="workers">How many workers there are, 1 at least.</param>
    /// <param name="result">Receives their indexes; cleared first.</param>
    public static void WorkersOf(RelayInput input, int workers, List<int> result)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        result.Clear();
        var seen = new bool[workers];
        int found = 0;
        long budget = (long)workers * MaxSearchPerWorker;
        uint first = RelayAddress.From(input.Destination.Address).LastWord;
        int hostBits = Math.Min(32, RelayAddress.Bits - input.Destination.MappedLength);
        uint last = hostBits == 32 ? uint.MaxValue : first | ((1u << hostBits) - 1);
        if (hostBits == 32)
        {
            first = 0;
        }

        for (long address = first; address <= last && found < workers; address++)
        {
            for (int port = input.PortFrom; port <= input.PortTo && found < workers; port++)
            {
                if (budget-- == 0)
                {
                    result.AddRange(Enumerable.Range(0, workers));
                    return;
                }

                int worker = (int)(Hash((uint)address, (ushort)port) % (uint)workers);
                found += seen[worker] ? 0 : 1;
                seen[worker] = true;
            }
        }

        for (int worker = 0; worker < workers; worker++)
        {
            if (seen[worker])
            {
                result.Add(worker);
            }
        }
    }

    /// <summary>The same as a program for PACKET_FANOUT_CBPF (packet(7)): it returns <see cref="Hash(uint, ushort)"/> of the frame's destination, and the kernel takes the rest of the division by the number of
    /// sockets. Offsets are from the network header (SKF_NET_OFF, linux/filter.h), so that tags and devices without Ethernet header make no difference; a load beyond the frame's end makes it return 0.
    /// Every IPv6 fragment header counts as a fragment here, even one over a whole packet (RFC 6946).</summary>
    public static IReadOnlyList<FilterInstruction> FanoutProgram { get; } = MakeProgram();

    // Codes of linux/bpf_common.h: class, size or operation, mode or source.
    private static FilterInstruction[] MakeProgram()
    {
        const ushort LoadByte = 0x30;
        const ushort LoadHalf = 0x28;
        const ushort LoadWord = 0x20;
        const ushort LoadHalfAtX = 0x48;
        const ushort LoadImmediate = 0x00;
        const ushort LoadXFromMemory = 0x61;
        const ushort Store = 0x02;
        const ushort Add = 0x0C;
        const ushort And = 0x54;
        const ushort Multiply = 0x24;
        const ushort ShiftLeft = 0x64;
        const ushort ShiftRight = 0x74;
        const ushort Xor = 0xAC;
        const ushort Jump = 0x05;
        const ushort JumpEqual = 0x15;
        const ushort JumpAnySet = 0x45;
        const ushort ToX = 0x07;
        const ushort ReturnA = 0x16;
        const ushort Return = 0x06;
        const uint Network = 0xFFF0_0000;
        const uint Udp = (uint)RelayProtocol.Udp;
        return
        [
            new(LoadByte, 0, 0, Network),
            new(ShiftRight, 0, 0, 4),
            new(JumpEqual, 2, 0, 4),
            new(JumpEqual, 16, 0, 6),
            new(Return, 0, 0, 0),

            // 5, IPv4: fragments and ESP have port 0; the UDP header lies behind the options.
            new(LoadHalf, 0, 0, Network + 6),
            new(JumpAnySet, 8, 0, 0x3FFF),
            new(LoadByte, 0, 0, Network + 9),
            new(JumpEqual, 0, 6, Udp),
            new(LoadByte, 0, 0, Network),
            new(And, 0, 0, 0xF),
            new(ShiftLeft, 0, 0, 2),
            new(ToX, 0, 0, 0),
            new(LoadHalfAtX, 0, 0, Network + 2),
            new(Jump, 0, 0, 1),

            // 15: without port; 16: the port becomes its share of the hash.
            new(LoadImmediate, 0, 0, 0),
            new(Multiply, 0, 0, PortFactor),
            new(Store, 0, 0, 0),
            new(LoadWord, 0, 0, Network + 16),
            new(Jump, 0, 0, 8),

            // 20, IPv6.
            new(LoadByte, 0, 0, Network + 6),
            new(JumpEqual, 0, 2, Udp),
            new(LoadHalf, 0, 0, Network + 42),
            new(Jump, 0, 0, 1),
            new(LoadImmediate, 0, 0, 0),
            new(Multiply, 0, 0, PortFactor),
            new(Store, 0, 0, 0),
            new(LoadWord, 0, 0, Network + 36),

            // The address in A, the port's share in memory.
            new(LoadXFromMemory, 0, 0, 0),
            new(Add, 0, 0, 0),
            new(ToX, 0, 0, 0),
            new(ShiftRight, 0, 0, Shift),
            new(Xor, 0, 0, 0),
            new(Multiply, 0, 0, FirstFactor),
            new(ToX, 0, 0, 0),
            new(ShiftRight, 0, 0, MiddleShift),
            new(Xor, 0, 0, 0),
            new(Multiply, 0, 0, SecondFactor),
            new(ToX, 0, 0, 0),
            new(ShiftRight, 0, 0, Shift),
            new(Xor, 0, 0, 0),
            new(ReturnA, 0, 0, 0),
        ];
    }
}
