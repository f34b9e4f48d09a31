using Net.Packets.Bytecode;
using static Net.Packets.Bytecode.EbpfCondition;
using static Net.Packets.Bytecode.EbpfOperation;
using static Net.Packets.Bytecode.EbpfRegister;

namespace Net.Relay.Bytecode;

/// <summary>Writes the parts all programs have: reading headers, finding the entry, counting. Through a program R6 is the context, R7 the frame while that is valid, R8 the entry and
/// later the target, R9 the number of the next target.</summary>
internal sealed partial class ProgramWriter
{
    // Offsets in struct __sk_buff and struct xdp_md of linux/bpf.h.
    internal const int SkbLength = 0;
    internal const int SkbVlanPresent = 20;
    internal const int SkbInterface = 40;
    internal const int SkbData = 76;
    internal const int SkbDataEnd = 80;
    internal const int SkbGsoSize = 176;
    internal const int XdpData = 0;
    internal const int XdpDataEnd = 4;
    internal const int XdpIngress = 12;
    internal const int XdpEgress = 20;

    internal const int EthernetBytes = 14;
    internal const int UdpBytes = 8;
    internal const int Udp = (int)RelayProtocol.Udp;
    internal const int Esp = (int)RelayProtocol.Esp;
    internal const int Ip = EthernetBytes;

    // EtherTypes as a little-endian load sees them.
    internal const int TypeIPv4 = 0x0008;
    internal const int TypeIPv6 = 0xdd86;

    // The stack, from its end at R10 downwards.
    internal const int StackIndex = -8;
    internal const int StackCount = -16;
    internal const int StackFirst = -24;
    internal const int StackPackets = -32;
    internal const int StackBytes = -40;
    internal const int StackSize = -48;
    internal const int StackNow = -56;
    internal const int StackTransport = -64;
    internal const int StackTtl = -72;
    internal const int StackClass = -80;
    internal const int StackPorts = -88;
    internal const int StackProtocol = -96;
    internal const int StackSkip = -104;
    internal const int StackDelta = -112;
    internal const int StackInput = -120;
    internal const int StackFragment = -128;
    internal const int StackDestination = -144;
    internal const int StackSource = -160;
    internal const int StackKey = -208;

    private readonly KernelHook _hook;
    private readonly KernelMaps _maps;

    internal ProgramWriter(KernelHook hook, KernelMaps maps)
    {
        _hook = hook;
        _maps = maps;
    }

    /// <summary>The code written so far.</summary>
    internal EbpfAssembler Code { get; } = new();

    /// <summary>Where packets go that are none of ours.</summary>
    internal EbpfLabel Pass { get; } = new();

    /// <summary>Where packets go that end here.</summary>
    internal EbpfLabel Consume { get; } = new();

    private bool IsXdp => _hook is KernelHook.Xdp or KernelHook.XdpDevice;

    // What they mean: TCX_NEXT, TCX_DROP; XDP_PASS, XDP_DROP.
    private int PassVerdict => _hook switch
    {
        KernelHook.Tcx => -1,
        KernelHook.Xdp => 2,
        _ => 1,
    };

    private int ConsumeVerdict => _hook == KernelHook.Tcx ? 2 : 1;

    /// <summary>Writes the two ends.</summary>
    internal void WriteEnds()
    {
        Code.Mark(Consume).Move(R0, ConsumeVerdict).Exit();
        Code.Mark(Pass).Move(R0, PassVerdict).Exit();
    }

    /// <summary>Loads the frame into R7 and its end into R3; anything else is left alone.</summary>
    internal void LoadFrame()
    {
        Code.Load(4, R7, R6, IsXdp ? XdpData : SkbData).Load(4, R3, R6, IsXdp ? XdpDataEnd : SkbDataEnd);
    }

    /// <summary>Jumps unless so many bytes of the frame lie in place. Uses R4.</summary>
    internal void RequireBytes(int bytes, EbpfLabel otherwise) => Code.Move(R4, R7).Alu(Add, R4, bytes).JumpIf(Greater, R4, R3, otherwise);

    /// <summary>Stores a 32-bit index and looks an array up by it; R0 is the value.</summary>
    internal void LookUpArray(int map, EbpfRegister index, EbpfLabel missing)
    {
        Code.Store(4, R10, StackIndex, index).LoadMap(R1, map).Move(R2, R10).Alu(Add, R2, StackIndex).Call(EbpfHelper.MapLookup).JumpIf(Equal, R0, 0, missing);
    }

    /// <summary>Looks a map up by the key on the stack; R0 is the value or null.</summary>
    internal void LookUpKey(int map) => Code.LoadMap(R1, map).Move(R2, R10).Alu(Add, R2, StackKey).Call(EbpfHelper.MapLookup);

    /// <summary>Adds this packet to a point's counters; the index is in R1. Nothing happens when there is no such point.</summary>
    internal void Count()
    {
        var missing = new EbpfLabel();
        LookUpArray(_maps.Counters, R1, missing);
        Code.Load(8, R1, R0, 0).Load(8, R2, R10, StackPackets).Alu(Add, R1, R2).Store(8, R0, 0, R1);
        Code.Load(8, R1, R0, 8).Load(8, R2, R10, StackBytes).Alu(Add, R1, R2).Store(8, R0, 8, R1);
        Code.Load(8, R1, R10, StackNow).Store(8, R0, 16, R1).Mark(missing);
    }

    /// <summary>Adds this packet to a point's drops; the index is in R1, eight times the reason in R7.</summary>
    internal void CountDrop()
    {
        var missing = new EbpfLabel();
        LookUpArray(_maps.Drops, R1, missing);
        Code.Alu(Add, R0, R7).Load(8, R1, R10, StackPackets).AtomicAdd(R0, 0, R1).Mark(missing);
    }

    /// <summary>Folds a sum in a register to 16 bits and inverts it.</summary>
    internal void Fold(EbpfRegister sum, EbpfRegister scratch)
    {
        Fold32(sum, scratch);
        for (int i = 0; i < 2; i++)
        {
            Code.Move(scratch, sum).Alu(ShiftRight, scratch, 16).Alu(And, sum, 0xffff).Alu(Add, sum, scratch);
        }

        Code.Alu(Xor, sum, 0xffff).Alu(And, sum, 0xffff);
    }

    /// <summary>Folds a sum of words of 32 bits to 32 bits.</summary>
    internal void Fold32(EbpfRegister sum, EbpfRegister scratch)
    {
        for (int i = 0; i < 2; i++)
        {
            Code.Move(scratch, sum).Alu(ShiftRight, scratch, 32).Alu32(Move, sum, sum).Alu(Add, sum, scratch);
        }
    }
}
