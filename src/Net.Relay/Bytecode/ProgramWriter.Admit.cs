using Net.Packets.Bytecode;
using static Net.Packets.Bytecode.EbpfCondition;
using static Net.Packets.Bytecode.EbpfOperation;
using static Net.Packets.Bytecode.EbpfRegister;

namespace Net.Relay.Bytecode;

/// <content>From the entry to the first target: what holds for all outputs.</content>
internal sealed partial class ProgramWriter
{
    /// <summary>Measures the packet and checks its headers. Buffers that stand for several packets (GRO, UDP_SEGMENT) count as those. Afterwards R8 is free.</summary>
    /// <param name="isIPv6">The family.</param>
    internal void WriteCheck(bool isIPv6)
    {
        var refused = new EbpfLabel();
        Code.Load(4, R1, R8, KernelLayout.EntryFlags).JumpIf(AnyBit, R1, KernelLayout.EntryIsDropped, Consume);
        Code.Load(4, R1, R8, KernelLayout.EntryCount).JumpIf(Equal, R1, 0, Pass).Store(8, R10, StackCount, R1);
        Code.Load(4, R1, R8, KernelLayout.EntryFirst).Store(8, R10, StackFirst, R1).Load(4, R1, R8, KernelLayout.EntryInput).Store(8, R10, StackInput, R1);
        Code.Call(_maps.HasCoarseClock ? EbpfHelper.TimeCoarseNanoseconds : EbpfHelper.TimeNanoseconds).Store(8, R10, StackNow, R0).Store(8, R10, StackPackets, 1);
        var malformed = new EbpfLabel();
        var fragment = new EbpfLabel();
        var checksum = new EbpfLabel();
        Code.Load(8, R1, R10, StackFragment).JumpIf(NotEqual, R1, 0, fragment);

        // R2 the length the IP header tells.
        Code.Load(2, R2, R7, isIPv6 ? Ip + 4 : Ip + 2).ToBigEndian(R2, 16);
        if (isIPv6)
        {
            Code.Alu(Add, R2, 40);
        }

        if (IsXdp)
        {
            // Subtracting the frame's ends would need CAP_PERFMON; comparing does not.
            Code.Move(R4, R7).Alu(Add, R4, EthernetBytes).Alu(Add, R4, R2).Load(4, R3, R6, XdpDataEnd).JumpIf(Greater, R4, R3, malformed);
        }
        else
        {
            Code.Load(4, R3, R6, SkbLength).Alu(Subtract, R3, EthernetBytes).JumpIf(Greater, R2, R3, malformed);
        }

        Code.Load(8, R4, R10, StackTransport).Alu(Subtract, R4, EthernetBytes);
        Code.Move(R5, R4).Alu(Add, R5, UdpBytes).JumpIf(Less, R2, R5, malformed);
        Code.Store(8, R10, StackBytes, R2).Store(8, R10, StackSize, R2);
        WriteTransportCheck(isIPv6, malformed, checksum);
        if (!isIPv6)
        {
            WriteHeaderChecksum(checksum);
        }

        WriteGso();
        var good = new EbpfLabel();
        Code.Jump(good);
        Code.Mark(malformed).Move(R7, (int)RelayDrop.Malformed * 8).Jump(refused);
        Code.Mark(checksum).Move(R7, (int)RelayDrop.Checksum * 8).Jump(refused);
        Code.Mark(fragment).Move(R7, (int)RelayDrop.Fragment * 8).Mark(refused).Load(8, R1, R10, StackInput);
        CountDrop();

        // What the relay refuses is the IP stack's to judge.
        Code.Jump(Pass).Mark(good);
    }

    // In: R2 the length of the IP packet, R4 that of its header. The ports were in place, so the UDP header is.
    private void WriteTransportCheck(bool isIPv6, EbpfLabel malformed, EbpfLabel checksum)
    {
        var done = new EbpfLabel();
        Code.Load(8, R1, R10, StackProtocol).JumpIf(NotEqual, R1, Udp, done).Alu(Subtract, R2, R4);
        Code.Load(8, R1, R10, StackTransport);
        Code.Load(4, R3, R6, IsXdp ? XdpDataEnd : SkbDataEnd).Move(R5, R7).Alu(Add, R5, R1).Move(R4, R5).Alu(Add, R4, UdpBytes).JumpIf(Greater, R4, R3, malformed);
        Code.Load(2, R1, R5, 4).ToBigEndian(R1, 16).JumpIf(Less, R1, UdpBytes, malformed).JumpIf(Greater, R1, R2, malformed);
        if (isIPv6)
        {
            Code.Load(2, R1, R5, 6).JumpIf(Equal, R1, 0, checksum);
        }

        Code.Mark(done);
    }

    // A header with options is longer than what was made readable: the receiver checks those.
    private void WriteHeaderChecksum(EbpfLabel checksum)
    {
        var done = new EbpfLabel();
        Code.Load(8, R1, R10, StackTransport).JumpIf(NotEqual, R1, Ip + 20, done).Move(R0, 0);
        for (int word = 0; word < 20; word += 4)
        {
            Code.Load(4, R1, R7, Ip + word).Alu(Add, R0, R1);
        }

        Fold(R0, R1);
        Code.JumpIf(NotEqual, R0, 0, checksum).Mark(done);
    }

    private void WriteGso()
    {
        if (IsXdp)
        {
            return;
        }

        // Payload p in segments of s: p / s rounded up, each with the headers h; the largest is h + s.
        var whole = new EbpfLabel();
        Code.Load(4, R1, R6, SkbGsoSize).JumpIf(Equal, R1, 0, whole).Load(8, R2, R10, StackBytes);
        Code.Load(8, R3, R10, StackTransport).Alu(Subtract, R3, EthernetBytes - UdpBytes).Alu(Subtract, R2, R3).Move(R4, R2).Alu(Add, R4, R1).Alu(Subtract, R4, 1);
        Code.Alu(Divide, R4, R1).Store(8, R10, StackPackets, R4).Alu(Multiply, R4, R3).Alu(Add, R2, R4).Store(8, R10, StackBytes, R2);
        Code.Alu(Add, R1, R3).Store(8, R10, StackSize, R1).Mark(whole);
    }

    /// <summary>Writes what a target decides before its packet is made: R8 is the target; jumps to the next target when it gets none. Leaves the new TTL in R9's place on the stack.</summary>
    /// <param name="isIPv6">The family.</param>
    /// <param name="next">The next target.</param>
    internal void WriteAdmit(bool isIPv6, EbpfLabel next)
    {
        var notFirst = new EbpfLabel();
        var drop = new EbpfLabel();
        var admitted = new EbpfLabel();
        if (_hook != KernelHook.XdpDevice)
        {
            Code.Load(4, R1, R8, KernelLayout.TargetFlags).Alu(And, R1, KernelLayout.FlagFirst).JumpIf(Equal, R1, 0, notFirst);
            WriteRuleInput(isIPv6);
            Code.Mark(notFirst).Load(8, R1, R10, StackSkip).JumpIf(NotEqual, R1, 0, next);
        }

        Code.Load(4, R2, R8, KernelLayout.TargetFlags).Move(R7, (int)RelayDrop.Paused * 8).JumpIf(AnyBit, R2, KernelLayout.FlagPaused, drop);

        // A set TTL may be zero only to say that nothing leaves.
        var isSet = new EbpfLabel();
        var hasTtl = new EbpfLabel();
        Code.Move(R7, (int)RelayDrop.Ttl * 8).JumpIf(AnyBit, R2, KernelLayout.FlagSetTtl, isSet);
        Code.Load(8, R1, R10, StackTtl).JumpIf(LessOrEqual, R1, 1, drop).Alu(Subtract, R1, 1).Jump(hasTtl);
        Code.Mark(isSet).Load(1, R1, R8, KernelLayout.TargetTtl).JumpIf(Equal, R1, 0, drop).Mark(hasTtl).Store(8, R10, StackKey, R1);
        Code.Move(R7, (int)RelayDrop.TooBig * 8).Load(4, R1, R8, KernelLayout.TargetMtu).Load(8, R3, R10, StackSize).JumpIf(Greater, R3, R1, drop);
        var linked = new EbpfLabel();
        Code.Move(R1, R2).Alu(And, R1, KernelLayout.FlagGroupLink).JumpIf(Equal, R1, 0, linked);
        Code.Move(R7, (int)RelayDrop.NoNeighbor * 8).Load(1, R1, R10, StackDestination);
        if (isIPv6)
        {
            Code.JumpIf(NotEqual, R1, 0xff, drop);
        }
        else
        {
            Code.Alu(And, R1, 0xf0).JumpIf(NotEqual, R1, 0xe0, drop);
        }

        Code.Mark(linked).Alu(And, R2, KernelLayout.FlagRate).JumpIf(Equal, R2, 0, admitted);
        WriteRate(drop);
        Code.Jump(admitted).Mark(drop).Load(4, R1, R8, KernelLayout.TargetCounter);
        CountDrop();
        Code.Jump(next).Mark(admitted);
    }

    /// <summary>Counts at the input of the rule of the target in R8; what its source may not send ends.</summary>
    /// <param name="isIPv6">The family.</param>
    internal void WriteInputOnly(bool isIPv6)
    {
        WriteRuleInput(isIPv6);
        Code.Load(8, R1, R10, StackSkip).JumpIf(NotEqual, R1, 0, Consume);
    }

    // Once per rule of an entry: counts at its input, and decides whether the source may send.
    private void WriteRuleInput(bool isIPv6)
    {
        var allowed = new EbpfLabel();
        Code.Store(8, R10, StackSkip, 0).Load(4, R1, R8, KernelLayout.TargetInput);
        Count();
        Code.Load(4, R1, R8, KernelLayout.TargetFlags).Alu(And, R1, KernelLayout.FlagCheckSource).JumpIf(Equal, R1, 0, allowed);
        Code.Store(4, R10, StackKey, KernelLayout.SourceFixedBits + (isIPv6 ? 128 : 32)).Load(4, R1, R8, KernelLayout.TargetRule).Store(4, R10, StackKey + 4, R1);
        Code.Load(8, R1, R10, StackSource).Store(8, R10, StackKey + 8, R1);
        if (isIPv6)
        {
            Code.Load(8, R1, R10, StackSource + 8).Store(8, R10, StackKey + 16, R1);
        }
        else
        {
            Code.Store(8, R10, StackKey + 16, 0);
        }

        LookUpKey(_maps.Sources);
        Code.JumpIf(NotEqual, R0, 0, allowed).Store(8, R10, StackSkip, 1).Load(4, R1, R8, KernelLayout.TargetInput).Move(R7, (int)RelayDrop.Source * 8);
        CountDrop();
        Code.Mark(allowed);
    }

    // Two meters of the same kind: what was sent is paid for until a moment, which lies a burst behind now at most. CPUs that send for one output at the same
    // moment may overwrite each other's payment: a limit is exact where a flow stays on one CPU, as the receive queues see to.
    private void WriteRate(EbpfLabel drop)
    {
        var done = new EbpfLabel();

        // The exact time, which counting does without. What addresses change is not known yet: its place is free.
        Code.Call(EbpfHelper.TimeNanoseconds).Store(8, R10, StackDelta, R0).Move(R7, (int)RelayDrop.Rate * 8).Load(4, R1, R8, KernelLayout.TargetCounter);
        LookUpArray(_maps.Rates, R1, done);
        Code.Load(8, R5, R10, StackDelta);

        // There must be credit for one packet, and some for bytes; what a packet takes too much is a debt, as in TokenBucket.
        PaidUntil(0, KernelLayout.TargetPacketBurst, R3);
        Code.Load(8, R1, R8, KernelLayout.TargetPacketCost).Move(R2, R3).Alu(Add, R2, R1).JumpIf(Greater, R2, R5, drop);
        Code.Load(8, R2, R10, StackPackets).Alu(Multiply, R1, R2).Alu(Add, R3, R1);
        PaidUntil(8, KernelLayout.TargetByteBurst, R4);
        Code.JumpIf(GreaterOrEqual, R4, R5, drop).Load(8, R1, R8, KernelLayout.TargetByteCost).Load(8, R2, R10, StackBytes).Alu(Multiply, R1, R2).Alu(ShiftRight, R1, 16);
        Code.Alu(Add, R4, R1).Store(8, R0, 0, R3).Store(8, R0, 8, R4).Mark(done);
    }

    // R0 the state, R5 now, which is far behind the start of the clock; uses R2 and what it results in.
    private void PaidUntil(int offset, int burst, EbpfRegister result)
    {
        var isRecent = new EbpfLabel();
        Code.Move(R2, R5).Load(8, result, R8, burst).Alu(Subtract, R2, result);
        Code.Load(8, result, R0, offset).JumpIf(GreaterOrEqual, result, R2, isRecent).Move(result, R2).Mark(isRecent);
    }
}
