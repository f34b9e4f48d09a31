namespace Net.Packets.Bytecode;

/// <summary>Writes eBPF programs (RFC 9669), an instruction per call; the result is what bpf(BPF_PROG_LOAD) takes on a little-endian host. It knows nothing of
/// what a program may do: the kernel's verifier decides that.</summary>
public sealed class EbpfAssembler
{
    // Instruction classes (RFC 9669 section 3.1): the low three bits.
    private const int ClassLoadImmediate = 0x00;
    private const int ClassLoad = 0x01;
    private const int ClassStoreImmediate = 0x02;
    private const int ClassStore = 0x03;
    private const int ClassArithmetic32 = 0x04;
    private const int ClassJump = 0x05;
    private const int ClassJump32 = 0x06;
    private const int ClassArithmetic64 = 0x07;

    // The second operand is a register.
    private const int FromRegister = 0x08;

    // Sizes and modes of loads and stores (section 5).
    private const int Size32 = 0x00;
    private const int Size16 = 0x08;
    private const int Size8 = 0x10;
    private const int Size64 = 0x18;
    private const int ModeMemory = 0x60;
    private const int ModeAtomic = 0xc0;
    private const int AtomicCompareExchange = 0xf1;

    // Pseudo source register of a 64-bit load: the immediate is a descriptor of a map (section 5.4).
    private const int PseudoMapDescriptor = 1;

    private readonly List<ulong> _code = [];
    private readonly List<(int Instruction, EbpfLabel Target)> _jumps = [];

    /// <summary>Instructions written so far; a 64-bit load counts as two.</summary>
    public int Count => _code.Count;

    /// <summary>Marks the place of a label: the next instruction.</summary>
    /// <param name="label">The label, not marked before.</param>
    /// <returns>This.</returns>
    /// <exception cref="InvalidOperationException">The label has a place already.</exception>
    public EbpfAssembler Mark(EbpfLabel label)
    {
        ArgumentNullException.ThrowIfNull(label);
        if (label.Position >= 0)
        {
            throw new InvalidOperationException("The label is marked already.");
        }

        label.Position = _code.Count;
        return this;
    }

    /// <summary>Arithmetic of 64 bits with a constant, sign-extended.</summary>
    /// <param name="operation">What.</param>
    /// <param name="target">First operand and result.</param>
    /// <param name="value">Second operand.</param>
    /// <returns>This.</returns>
    public EbpfAssembler Alu(EbpfOperation operation, EbpfRegister target, int value) => Emit(ClassArithmetic64 | (int)operation, target, default, 0, value);

    /// <summary>Arithmetic of 64 bits of two registers.</summary>
    /// <param name="operation">What.</param>
    /// <param name="target">First operand and result.</param>
    /// <param name="source">Second operand.</param>
    /// <returns>This.</returns>
    public EbpfAssembler Alu(EbpfOperation operation, EbpfRegister target, EbpfRegister source) =>
        Emit(ClassArithmetic64 | FromRegister | (int)operation, target, source, 0, 0);

    /// <summary>Arithmetic of the lower 32 bits with a constant; the upper bits become zero.</summary>
    /// <param name="operation">What.</param>
    /// <param name="target">First operand and result.</param>
    /// <param name="value">Second operand.</param>
    /// <returns>This.</returns>
    public EbpfAssembler Alu32(EbpfOperation operation, EbpfRegister target, int value) => Emit(ClassArithmetic32 | (int)operation, target, default, 0, value);

    /// <summary>Arithmetic of the lower 32 bits of two registers; the upper bits become zero.</summary>
    /// <param name="operation">What.</param>
    /// <param name="target">First operand and result.</param>
    /// <param name="source">Second operand.</param>
    /// <returns>This.</returns>
    public EbpfAssembler Alu32(EbpfOperation operation, EbpfRegister target, EbpfRegister source) =>
        Emit(ClassArithmetic32 | FromRegister | (int)operation, target, source, 0, 0);

    /// <summary>Copies a register.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="source">Where from.</param>
    /// <returns>This.</returns>
    public EbpfAssembler Move(EbpfRegister target, EbpfRegister source) => Alu(EbpfOperation.Move, target, source);

    /// <summary>Sets a register to a constant, sign-extended.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="value">The constant.</param>
    /// <returns>This.</returns>
    public EbpfAssembler Move(EbpfRegister target, int value) => Alu(EbpfOperation.Move, target, value);

    /// <summary>Sets a register to a constant of 64 bits.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="value">The constant.</param>
    /// <returns>This.</returns>
    public EbpfAssembler Move64(EbpfRegister target, ulong value)
    {
        Emit(ClassLoadImmediate | Size64, target, default, 0, unchecked((int)value));
        return Emit(0, default, default, 0, unchecked((int)(value >> 32)));
    }

    /// <summary>Turns the lower bits of a register into big-endian order; the bits above become zero.</summary>
    /// <param name="register">The register.</param>
    /// <param name="bits">16, 32 or 64.</param>
    /// <returns>This.</returns>
    public EbpfAssembler ToBigEndian(EbpfRegister register, int bits) => Emit(ClassArithmetic32 | FromRegister | 0xd0, register, default, 0, bits);

    /// <summary>Loads the address of a map.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="descriptor">The map's descriptor in the process that loads the program.</param>
    /// <returns>This.</returns>
    public EbpfAssembler LoadMap(EbpfRegister target, int descriptor)
    {
        Emit(ClassLoadImmediate | Size64, target, (EbpfRegister)PseudoMapDescriptor, 0, descriptor);
        return Emit(0, default, default, 0, 0);
    }

    /// <summary>Loads from memory, zero-extended.</summary>
    /// <param name="bytes">1, 2, 4 or 8.</param>
    /// <param name="target">Where to.</param>
    /// <param name="address">Register with the address.</param>
    /// <param name="offset">Added to the address.</param>
    /// <returns>This.</returns>
    public EbpfAssembler Load(int bytes, EbpfRegister target, EbpfRegister address, int offset) =>
        Emit(ClassLoad | ModeMemory | Size(bytes), target, address, offset, 0);

    /// <summary>Stores a register's lower bits.</summary>
    /// <param name="bytes">1, 2, 4 or 8.</param>
    /// <param name="address">Register with the address.</param>
    /// <param name="offset">Added to the address.</param>
    /// <param name="source">What.</param>
    /// <returns>This.</returns>
    public EbpfAssembler Store(int bytes, EbpfRegister address, int offset, EbpfRegister source) =>
        Emit(ClassStore | ModeMemory | Size(bytes), address, source, offset, 0);

    /// <summary>Stores a constant, sign-extended.</summary>
    /// <param name="bytes">1, 2, 4 or 8.</param>
    /// <param name="address">Register with the address.</param>
    /// <param name="offset">Added to the address.</param>
    /// <param name="value">What.</param>
    /// <returns>This.</returns>
    public EbpfAssembler Store(int bytes, EbpfRegister address, int offset, int value) =>
        Emit(ClassStoreImmediate | ModeMemory | Size(bytes), address, default, offset, value);

    /// <summary>Adds a register to memory of 64 bits, atomically.</summary>
    /// <param name="address">Register with the address.</param>
    /// <param name="offset">Added to the address.</param>
    /// <param name="source">What is added.</param>
    /// <returns>This.</returns>
    public EbpfAssembler AtomicAdd(EbpfRegister address, int offset, EbpfRegister source) => Emit(ClassStore | ModeAtomic | Size64, address, source, offset, 0);

    /// <summary>Puts a register into memory of 64 bits if that equals R0; R0 becomes what was there.</summary>
    /// <param name="address">Register with the address.</param>
    /// <param name="offset">Added to the address.</param>
    /// <param name="source">The new value.</param>
    /// <returns>This.</returns>
    public EbpfAssembler CompareExchange(EbpfRegister address, int offset, EbpfRegister source) =>
        Emit(ClassStore | ModeAtomic | Size64, address, source, offset, AtomicCompareExchange);

    /// <summary>Jumps always.</summary>
    /// <param name="target">Where to.</param>
    /// <returns>This.</returns>
    public EbpfAssembler Jump(EbpfLabel target) => Jump(ClassJump, default, default, 0, target);

    /// <summary>Jumps when a comparison of 64 bits with a constant holds.</summary>
    /// <param name="condition">The comparison.</param>
    /// <param name="left">Left side.</param>
    /// <param name="right">Right side, sign-extended.</param>
    /// <param name="target">Where to.</param>
    /// <returns>This.</returns>
    public EbpfAssembler JumpIf(EbpfCondition condition, EbpfRegister left, int right, EbpfLabel target) =>
        Jump(ClassJump | (int)condition, left, default, right, target);

    /// <summary>Jumps when a comparison of 64 bits of two registers holds.</summary>
    /// <param name="condition">The comparison.</param>
    /// <param name="left">Left side.</param>
    /// <param name="right">Right side.</param>
    /// <param name="target">Where to.</param>
    /// <returns>This.</returns>
    public EbpfAssembler JumpIf(EbpfCondition condition, EbpfRegister left, EbpfRegister right, EbpfLabel target) =>
        Jump(ClassJump | FromRegister | (int)condition, left, right, 0, target);

    /// <summary>Jumps when a comparison of the lower 32 bits with a constant holds.</summary>
    /// <param name="condition">The comparison.</param>
    /// <param name="left">Left side.</param>
    /// <param name="right">Right side.</param>
    /// <param name="target">Where to.</param>
    /// <returns>This.</returns>
    public EbpfAssembler JumpIf32(EbpfCondition condition, EbpfRegister left, int right, EbpfLabel target) =>
        Jump(ClassJump32 | (int)condition, left, default, right, target);

    /// <summary>Calls a function of the kernel (enum bpf_func_id of linux/bpf.h).</summary>
    /// <param name="function">Its number.</param>
    /// <returns>This.</returns>
    public EbpfAssembler Call(int function) => Emit(ClassJump | 0x80, default, default, 0, function);

    /// <summary>Ends the program; R0 is its result.</summary>
    /// <returns>This.</returns>
    public EbpfAssembler Exit() => Emit(ClassJump | 0x90, default, default, 0, 0);

    /// <summary>The program, with all jumps resolved.</summary>
    /// <returns>Its instructions, 64 bits each.</returns>
    /// <exception cref="InvalidOperationException">A label was never marked, or is further away than a jump reaches (32,767 instructions).</exception>
    public ulong[] Build()
    {
        ulong[] code = [.. _code];
        foreach ((int instruction, EbpfLabel target) in _jumps)
        {
            int distance = target.Position - instruction - 1;
            if (target.Position < 0 || distance is < short.MinValue or > short.MaxValue)
            {
                throw new InvalidOperationException(target.Position < 0 ? "A label was never marked." : $"A jump over {distance} instructions is too far.");
            }

            code[instruction] = (code[instruction] & ~0xffff_0000UL) | ((ulong)unchecked((ushort)distance) << 16);
        }

        return code;
    }

    private static int Size(int bytes) => bytes switch
    {
        1 => Size8,
        2 => Size16,
        4 => Size32,
        8 => Size64,
        _ => throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "1, 2, 4 or 8"),
    };

    private EbpfAssembler Jump(int code, EbpfRegister left, EbpfRegister right, int value, EbpfLabel target)
    {
        ArgumentNullException.ThrowIfNull(target);
        _jumps.Add((_code.Count, target));
        return Emit(code, left, right, 0, value);
    }

    private EbpfAssembler Emit(int code, EbpfRegister target, EbpfRegister source, int offset, int value)
    {
        if (offset is < short.MinValue or > short.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "16 bits");
        }

        _code.Add((byte)code | ((ulong)target << 8) | ((ulong)source << 12) | ((ulong)unchecked((ushort)offset) << 16) | ((ulong)unchecked((uint)value) << 32));
        return this;
    }
}
