namespace Net.Packets.Bytecode;

/// <summary>The registers of the kernel's eBPF machine (RFC 9669 section 2.1).</summary>
public enum EbpfRegister : byte
{
    /// <summary>What functions and programs return.</summary>
    R0,

    /// <summary>First argument of a call; the context at the start. Lost in calls.</summary>
    R1,

    /// <summary>Second argument. Lost in calls.</summary>
    R2,

    /// <summary>Third argument. Lost in calls.</summary>
    R3,

    /// <summary>Fourth argument. Lost in calls.</summary>
    R4,

    /// <summary>Fifth argument. Lost in calls.</summary>
    R5,

    /// <summary>Kept over calls.</summary>
    R6,

    /// <summary>Kept over calls.</summary>
    R7,

    /// <summary>Kept over calls.</summary>
    R8,

    /// <summary>Kept over calls.</summary>
    R9,

    /// <summary>The end of the stack of 512 bytes, which lies below it; read-only.</summary>
    R10,
}
