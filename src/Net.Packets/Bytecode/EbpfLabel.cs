namespace Net.Packets.Bytecode;

/// <summary>A place in a program that jumps go to; it may be marked after they were written.</summary>
public sealed class EbpfLabel
{
    /// <summary>Index of the instruction it stands before; -1 until it is marked.</summary>
    internal int Position { get; set; } = -1;
}
