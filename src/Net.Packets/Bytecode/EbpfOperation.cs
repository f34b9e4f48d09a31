namespace Net.Packets.Bytecode;

/// <summary>Arithmetic of two operands; values are the operation codes of RFC 9669 section 4.1.</summary>
public enum EbpfOperation : byte
{
    /// <summary>Adds the second to the first.</summary>
    Add = 0x00,

    /// <summary>Takes the second from the first.</summary>
    Subtract = 0x10,

    /// <summary>Multiplies.</summary>
    Multiply = 0x20,

    /// <summary>Divides, unsigned; by zero gives zero.</summary>
    Divide = 0x30,

    /// <summary>Bits of either.</summary>
    Or = 0x40,

    /// <summary>Bits of both.</summary>
    And = 0x50,

    /// <summary>Shifts left.</summary>
    ShiftLeft = 0x60,

    /// <summary>Shifts right, unsigned.</summary>
    ShiftRight = 0x70,

    /// <summary>Rest of a division, unsigned; by zero leaves the first.</summary>
    Modulo = 0x90,

    /// <summary>Bits of one but not both.</summary>
    Xor = 0xa0,

    /// <summary>Copies the second.</summary>
    Move = 0xb0,
}
