using Net.Packets.Bytecode;
using static Net.Packets.Bytecode.EbpfCondition;
using static Net.Packets.Bytecode.EbpfOperation;
using static Net.Packets.Bytecode.EbpfRegister;

namespace Net.Relay.Bytecode;

/// <content>From the first byte to the entry.</content>
internal sealed partial class ProgramWriter
{
    private const int MinimumIPv4 = EthernetBytes + 20 + UdpBytes;
    private const int MinimumIPv6 = EthernetBytes + 40 + UdpBytes;

    /// <summary>Writes the beginning, as far as the family: falls through for IPv4 with 42 bytes in place. Frames with a tag are left alone: they belong to the VLAN's own
    /// interface, where the kernel shows them without.</summary>
    internal void WriteStart(EbpfLabel ipv6)
    {
        Code.Move(R6, R1);
        if (_hook == KernelHook.Tcx)
        {
            var inPlace = new EbpfLabel();
            Code.Load(4, R1, R6, SkbVlanPresent).JumpIf(NotEqual, R1, 0, Pass);
            LoadFrame();
            Code.Move(R4, R7).Alu(Add, R4, MinimumIPv4).JumpIf(LessOrEqual, R4, R3, inPlace);

            // Some drivers leave the headers in pages: have them copied to where they can be read.
            Code.Load(4, R1, R6, SkbLength).JumpIf(Less, R1, MinimumIPv4, Pass).Move(R1, R6).Move(R2, MinimumIPv4).Call(EbpfHelper.PullData);
            LoadFrame();
            RequireBytes(MinimumIPv4, Pass);
            Code.Mark(inPlace);
        }
        else
        {
            LoadFrame();
            RequireBytes(MinimumIPv4, Pass);
        }

        Code.Load(2, R1, R7, 12).JumpIf(Equal, R1, TypeIPv6, ipv6).JumpIf(NotEqual, R1, TypeIPv4, Pass);
    }

    /// <summary>Reads an IPv4 header and finds its entry: R8. Fragments but the first have no ports and pass.</summary>
    internal void WriteMatch4()
    {
        var hasPorts = new EbpfLabel();
        Code.Load(1, R1, R7, Ip).Move(R8, R1).Alu(And, R1, 0xf0).JumpIf(NotEqual, R1, 0x40, Pass);
        Code.Alu(And, R8, 0x0f).Alu(ShiftLeft, R8, 2).JumpIf(Less, R8, 20, Pass).Alu(Add, R8, EthernetBytes).Store(8, R10, StackTransport, R8);
        Code.Load(2, R1, R7, Ip + 6).Alu(And, R1, 0xff3f).Store(8, R10, StackFragment, R1).Alu(And, R1, 0xff1f).JumpIf(NotEqual, R1, 0, Pass);
        Code.Load(1, R5, R7, Ip + 9).Store(8, R10, StackProtocol, R5);
        ReadPorts(hasPorts, R8);
        Code.Load(1, R1, R7, Ip + 1).Store(8, R10, StackClass, R1).Load(1, R1, R7, Ip + 8).Store(8, R10, StackTtl, R1);
        Code.Load(4, R1, R7, Ip + 16).Store(8, R10, StackDestination, R1).Load(4, R2, R7, Ip + 12).Store(8, R10, StackSource, R2);

        // Interface, destination, any source; port, protocol.
        Code.Load(4, R3, R6, InterfaceOffset).Store(4, R10, StackKey, R3).Store(4, R10, StackKey + 4, R1).Store(4, R10, StackKey + 8, 0);
        StorePortAndProtocol(StackKey + 12);
        FindEntry(_maps.Exact4, _maps.Prefix4, WritePrefixKey4, () => Code.Load(8, R1, R10, StackSource).Store(4, R10, StackKey + 8, R1));
    }

    /// <summary>Reads an IPv6 header and finds its entry: R8. Fragments are left to <see cref="WriteFragment6"/>'s jump, other extension headers pass.</summary>
    internal void WriteMatch6(EbpfLabel ipv6)
    {
        var hasPorts = new EbpfLabel();
        Code.Mark(ipv6);
        if (_hook == KernelHook.Tcx)
        {
            var inPlace = new EbpfLabel();
            Code.Move(R4, R7).Alu(Add, R4, MinimumIPv6).JumpIf(LessOrEqual, R4, R3, inPlace);
            Code.Load(4, R1, R6, SkbLength).JumpIf(Less, R1, MinimumIPv6, Pass).Move(R1, R6).Move(R2, MinimumIPv6).Call(EbpfHelper.PullData);
            LoadFrame();
            RequireBytes(MinimumIPv6, Pass);
            Code.Mark(inPlace);
        }
        else
        {
            RequireBytes(MinimumIPv6, Pass);
        }

        Code.Load(1, R1, R7, Ip).Alu(And, R1, 0xf0).JumpIf(NotEqual, R1, 0x60, Pass);
        Code.Move(R8, EthernetBytes + 40).Store(8, R10, StackTransport, R8).Load(1, R5, R7, Ip + 6);
        WriteFragment6();
        Code.Store(8, R10, StackProtocol, R5);
        ReadPorts(hasPorts, R8);
        Code.Load(2, R1, R7, Ip).ToBigEndian(R1, 16).Alu(ShiftRight, R1, 4).Alu(And, R1, 0xff).Store(8, R10, StackClass, R1);
        Code.Load(1, R1, R7, Ip + 7).Store(8, R10, StackTtl, R1);
        Code.Load(4, R3, R6, InterfaceOffset).Store(4, R10, StackKey, R3);
        StorePortAndProtocol(StackKey + 4);
        for (int half = 0; half < 16; half += 8)
        {
            Code.Load(8, R1, R7, Ip + 24 + half).Store(8, R10, StackDestination + half, R1).Store(8, R10, StackKey + 8 + half, R1);
            Code.Load(8, R1, R7, Ip + 8 + half).Store(8, R10, StackSource + half, R1).Store(8, R10, StackKey + 24 + half, 0);
        }

        FindEntry(_maps.Exact6, _maps.Prefix6, WritePrefixKey6, () =>
        {
            for (int half = 0; half < 16; half += 8)
            {
                Code.Load(8, R1, R10, StackSource + half).Store(8, R10, StackKey + 24 + half, R1);
            }
        });
    }

    private int InterfaceOffset => IsXdp ? XdpIngress : SkbInterface;

    // The first fragment has the ports behind the fragment header: it is found, so that it can be counted. R5 becomes the protocol, R8 where the ports are.
    private void WriteFragment6()
    {
        var whole = new EbpfLabel();
        Code.Store(8, R10, StackFragment, 0).JumpIf(NotEqual, R5, 44, whole);
        RequireBytes(MinimumIPv6 + 8, Pass);
        Code.Load(1, R5, R7, Ip + 40).Load(2, R1, R7, Ip + 42).Store(8, R10, StackFragment, 1).Alu(And, R1, 0xf8ff).JumpIf(NotEqual, R1, 0, Pass);
        Code.Alu(Add, R8, 8).Store(8, R10, StackTransport, R8).Mark(whole);
    }

    // Protocol in R5, where the ports are in a bounded register. Both ports go to the stack as they lie in the packet; zero for ESP.
    private void ReadPorts(EbpfLabel hasPorts, EbpfRegister transport)
    {
        var isUdp = new EbpfLabel();
        Code.Move(R1, 0).JumpIf(Equal, R5, Udp, isUdp).JumpIf(NotEqual, R5, Esp, Pass).Jump(hasPorts).Mark(isUdp);
        Code.Move(R2, R7).Alu(Add, R2, transport).Move(R4, R2).Alu(Add, R4, UdpBytes).JumpIf(Greater, R4, R3, Pass).Load(4, R1, R2, 0);
        Code.Mark(hasPorts).Store(8, R10, StackPorts, R1);
    }

    // The destination port is the upper half of both ports as a little-endian load sees them.
    private void StorePortAndProtocol(int at)
    {
        Code.Load(8, R4, R10, StackPorts).Alu(ShiftRight, R4, 16).Load(8, R5, R10, StackProtocol).Alu(ShiftLeft, R5, 16).Alu(Or, R4, R5).Store(4, R10, at, R4);
    }

    // Prefixes only where there is no exact entry: an exact one has the targets of the prefixes around it.
    private void FindEntry(int exact, int prefixes, Action writePrefixKey, Action setSource)
    {
        var found = new EbpfLabel();
        var final = new EbpfLabel();
        LookUpKey(exact);
        Code.JumpIf(NotEqual, R0, 0, found);
        writePrefixKey();
        LookUpKey(prefixes);
        Code.JumpIf(Equal, R0, 0, Pass).Move(R8, R0).Jump(final).Mark(found).Move(R8, R0);
        var specific = new EbpfLabel();
        Code.Load(4, R1, R8, KernelLayout.EntryFlags).JumpIf(AnyBit, R1, KernelLayout.EntryHasSources, specific).Jump(final).Mark(specific);
        setSource();
        LookUpKey(exact);
        Code.JumpIf(Equal, R0, 0, final).Move(R8, R0).Mark(final);
    }

    private void WritePrefixKey4()
    {
        Code.Store(4, R10, StackKey, KernelLayout.PrefixFixedBits + 32).Load(4, R3, R6, InterfaceOffset).Store(4, R10, StackKey + 4, R3);
        StorePortAndProtocol(StackKey + 8);
        Code.Load(8, R1, R10, StackDestination).Store(4, R10, StackKey + 12, R1);
    }

    private void WritePrefixKey6()
    {
        Code.Store(4, R10, StackKey, KernelLayout.PrefixFixedBits + 128).Load(4, R3, R6, InterfaceOffset).Store(4, R10, StackKey + 4, R3);
        StorePortAndProtocol(StackKey + 8);
        for (int word = 0; word < 16; word += 4)
        {
            Code.Load(4, R1, R10, StackDestination + word).Store(4, R10, StackKey + 12 + word, R1);
        }
    }
}
