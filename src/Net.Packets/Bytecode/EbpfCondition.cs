namespace Net.Packets.Bytecode;

/// <summary>When a conditional jump is taken; values are the operation codes of RFC 9669 section 4.3. Comparisons are unsigned unless said.</summary>
public enum EbpfCondition : byte
{
    /// <summary>Left equals right.</summary>
    Equal = 0x10,

    /// <summary>Left is greater.</summary>
    Greater = 0x20,

    /// <summary>Left is greater or equal.</summary>
    GreaterOrEqual = 0x30,

    /// <summary>They have a bit in common.</summary>
    AnyBit = 0x40,

    /// <summary>They differ.</summary>
    NotEqual = 0x50,

    /// <summary>Left is greater, both signed.</summary>
    SignedGreater = 0x60,

    /// <summary>Left is smaller.</summary>
    Less = 0xa0,

    /// <summary>Left is smaller or equal.</summary>
    LessOrEqual = 0xb0,

    /// <summary>Left is smaller, both signed.</summary>
    SignedLess = 0xc0,
}
