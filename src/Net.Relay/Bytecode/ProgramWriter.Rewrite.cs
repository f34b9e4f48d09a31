using Net.Packets.Bytecode;
using static Net.Packets.Bytecode.EbpfCondition;
using static Net.Packets.Bytecode.EbpfOperation;
using static Net.Packets.Bytecode.EbpfRegister;

namespace Net.Relay.Bytecode;

/// <content>The headers of an output's packet. All that leaves is made from what came in and from the target; what an earlier output left in the buffer only tells by how much checksums
/// change (RFC 1624). In a kernel's buffer the transport checksum is the kernel's helper's to change: it alone knows whether the field holds a checksum or a part of one.</content>
internal sealed partial class ProgramWriter
{
    // BPF_F_PSEUDO_HDR | BPF_F_MARK_MANGLED_0, and the latter alone: a checksum of zero says none, and stays.
    private const int ChecksumOfAddresses = 0x30;
    private const int ChecksumOfPorts = 0x20;

    /// <summary>Writes the headers; R8 is the target. Falls through when they are written; frames that are no longer long enough end.</summary>
    /// <param name="isIPv6">The family.</param>
    internal void WriteRewrite(bool isIPv6)
    {
        LoadFrame();
        RequireBytes(isIPv6 ? MinimumIPv6 : MinimumIPv4, Consume);
        WriteLink(isIPv6);
        if (isIPv6)
        {
            WriteHeader6();
        }
        else
        {
            WriteHeader4();
        }

        WriteTransport(isIPv6);
    }

    // RFC 1112 section 6.4 and RFC 2464 section 7. The EtherType stays: tagged frames do not come here.
    private void WriteLink(bool isIPv6)
    {
        var derive = new EbpfLabel();
        var done = new EbpfLabel();
        Code.Load(4, R1, R8, KernelLayout.TargetFlags).JumpIf(AnyBit, R1, KernelLayout.FlagGroupLink, derive);
        Code.Load(8, R1, R8, KernelLayout.TargetLink).Store(8, R7, 0, R1).Load(4, R1, R8, KernelLayout.TargetLink + 8).Store(4, R7, 8, R1).Jump(done);
        Code.Mark(derive);
        if (isIPv6)
        {
            Code.Store(2, R7, 0, 0x3333).Load(4, R1, R10, StackDestination + 12).Store(4, R7, 2, R1);
        }
        else
        {
            Code.Load(8, R1, R10, StackDestination).Move(R2, R1).Alu(ShiftRight, R2, 16).Store(2, R7, 4, R2);
            Code.Alu(ShiftRight, R1, 8).Alu(And, R1, 0x7f).Alu(ShiftLeft, R1, 24).Alu(Or, R1, 0x5e0001).Store(4, R7, 0, R1);
        }

        Code.Load(2, R1, R8, KernelLayout.TargetLink + 6).Store(2, R7, 6, R1).Load(4, R1, R8, KernelLayout.TargetLink + 8).Store(4, R7, 8, R1).Mark(done);
    }

    private void WriteHeader4()
    {
        Code.Move(R0, 0);
        Exchange4(Ip + 12, StackSource, KernelLayout.TargetSourceMask, KernelLayout.TargetSource);
        Exchange4(Ip + 16, StackDestination, KernelLayout.TargetDestinationMask, KernelLayout.TargetDestination);
        Fold32(R0, R1);
        Code.Store(8, R10, StackDelta, R0);

        // The words with the type of service and with the TTL.
        Code.Load(2, R1, R7, Ip).Alu(Xor, R1, 0xffff).Alu(Add, R0, R1);
        NewClass(R1);
        Code.Store(1, R7, Ip + 1, R1).Load(2, R1, R7, Ip).Alu(Add, R0, R1);
        Code.Load(2, R1, R7, Ip + 8).Alu(Xor, R1, 0xffff).Alu(Add, R0, R1);
        Code.Load(8, R1, R10, StackKey).Store(1, R7, Ip + 8, R1).Load(2, R1, R7, Ip + 8).Alu(Add, R0, R1);
        Code.Load(2, R1, R7, Ip + 10).Alu(Xor, R1, 0xffff).Alu(Add, R0, R1);
        Fold(R0, R1);
        Code.Store(2, R7, Ip + 10, R0);
    }

    private void WriteHeader6()
    {
        Code.Move(R0, 0);
        for (int word = 0; word < 16; word += 4)
        {
            Exchange6(Ip + 8 + word, StackSource + word, KernelLayout.TargetSourceMask, KernelLayout.TargetSource + word);
            Exchange6(Ip + 24 + word, StackDestination + word, KernelLayout.TargetDestinationMask, KernelLayout.TargetDestination + word);
        }

        Fold32(R0, R1);
        Code.Store(8, R10, StackDelta, R0);
        Code.Load(2, R1, R7, Ip).Alu(Xor, R1, 0xffff).Alu(Add, R0, R1);
        NewClass(R2);
        Code.Alu(ShiftLeft, R2, 4).Load(2, R1, R7, Ip).ToBigEndian(R1, 16).Alu(And, R1, 0xf00f).Alu(Or, R1, R2).ToBigEndian(R1, 16).Store(2, R7, Ip, R1).Alu(Add, R0, R1);
        Code.Load(2, R1, R7, Ip + 6).Alu(Xor, R1, 0xffff).Alu(Add, R0, R1);
        Code.Load(8, R1, R10, StackKey).Store(1, R7, Ip + 7, R1).Load(2, R1, R7, Ip + 6).Alu(Add, R0, R1);
        if (_hook == KernelHook.Tcx)
        {
            // IPv6 has no checksum of its own that would balance the change, so a sum the device made over the packet has to follow. The kernel's helper takes the
            // addresses off that sum (right for IPv4 alone); adding all changes here makes it right again. Afterwards nothing of R1 to R5 is left, nor the frame.
            Fold32(R0, R1);
            Code.Store(8, R10, StackKey, R0);
        }
    }

    // The traffic class: bits of the packet's that are kept, and of the target's.
    private void NewClass(EbpfRegister target)
    {
        EbpfRegister scratch = target == R1 ? R2 : R1;
        Code.Load(8, target, R10, StackClass).Load(1, scratch, R8, KernelLayout.TargetClassMask).Alu(And, target, scratch);
        Code.Load(1, scratch, R8, KernelLayout.TargetClassValue).Alu(Or, target, scratch);
    }

    private void Exchange4(int field, int original, int mask, int value)
    {
        Code.Load(4, R1, R7, field).Alu32(Xor, R1, -1).Alu(Add, R0, R1);
        Code.Load(8, R1, R10, original).Load(4, R2, R8, mask).Alu(And, R1, R2).Load(4, R2, R8, value).Alu(Or, R1, R2).Store(4, R7, field, R1).Alu(Add, R0, R1);
    }

    private void Exchange6(int field, int original, int mask, int value)
    {
        Code.Load(4, R1, R7, field).Alu32(Xor, R1, -1).Alu(Add, R0, R1);
        Code.Load(4, R1, R10, original).Load(4, R2, R8, mask).Alu(And, R1, R2).Load(4, R2, R8, value).Alu(Or, R1, R2).Store(4, R7, field, R1).Alu(Add, R0, R1);
    }

    private void WriteTransport(bool isIPv6)
    {
        var done = new EbpfLabel();
        Code.Load(8, R1, R10, StackProtocol).JumpIf(NotEqual, R1, Udp, done);

        // R5 the UDP header: R2 the ports it has, R1 those it gets.
        Code.Load(8, R5, R10, StackTransport).Load(4, R3, R6, IsXdp ? XdpDataEnd : SkbDataEnd).Alu(Add, R5, R7).Move(R4, R5).Alu(Add, R4, UdpBytes).JumpIf(Greater, R4, R3, Consume);
        Code.Load(4, R2, R5, 0).Alu32(Xor, R2, -1).Load(8, R1, R10, StackPorts).Load(4, R4, R8, KernelLayout.TargetPortMask).Alu(And, R1, R4);
        Code.Load(4, R4, R8, KernelLayout.TargetPortValue).Alu(Or, R1, R4).Store(4, R5, 0, R1).Alu(Add, R2, R1);
        if (IsXdp)
        {
            WriteUdpChecksum(done);
        }
        else
        {
            // The kernel's helpers lose the registers: what the ports changed waits on the stack.
            Fold32(R2, R1);
            Code.Store(8, R10, StackIndex, R2);
            ReplaceChecksum(StackDelta, ChecksumOfAddresses);
            ReplaceChecksum(StackIndex, ChecksumOfPorts);
        }

        Code.Mark(done);
        if (isIPv6 && !IsXdp)
        {
            Code.Move(R1, R6).Load(8, R2, R10, StackKey).Call(EbpfHelper.UpdateDeviceChecksum);
        }
    }

    private void ReplaceChecksum(int change, int flags) => Code.Move(R1, R6).Load(8, R2, R10, StackTransport).Alu(Add, R2, 6).Move(R3, 0).Load(8, R4, R10, change)
        .Move(R5, flags).Call(EbpfHelper.ReplaceTransportChecksum);

    // R5 the UDP header, R2 what the ports changed.
    private void WriteUdpChecksum(EbpfLabel done)
    {
        var isSet = new EbpfLabel();
        Code.Load(2, R0, R5, 6).JumpIf(Equal, R0, 0, done).Alu(Xor, R0, 0xffff).Alu(Add, R0, R2).Load(8, R1, R10, StackDelta).Alu(Add, R0, R1);
        Fold(R0, R1);
        Code.JumpIf(NotEqual, R0, 0, isSet).Move(R0, 0xffff).Mark(isSet).Store(2, R5, 6, R0);
    }
}
