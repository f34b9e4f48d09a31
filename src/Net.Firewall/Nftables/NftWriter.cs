using System.Buffers.Text;
using System.Diagnostics;

namespace Net.Firewall;

/// <summary>
/// Writes nftables text from typed tokens. There is no way to write a string of a user's: what comes in is a constant of this
/// assembly, a number, an address, or an interface name or path of a control group that is checked here once more.
/// </summary>
internal sealed class NftWriter(int capacity)
{
    private byte[] _buffer = new byte[capacity];
    private int _length;

    /// <summary>The text so far.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>Writes a constant.</summary>
    public NftWriter Constant(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        _length += text.Length;
        return this;
    }

    /// <summary>Writes a number that is not negative.</summary>
    public NftWriter Number(ulong value)
    {
        bool done = Utf8Formatter.TryFormat(value, Reserve(20), out int written);
        Debug.Assert(done, "20 digits hold every 64-bit number");
        _length += written;
        return this;
    }

    /// <summary>Writes ports as one port or first-last.</summary>
    public NftWriter Ports(PortRange range)
    {
        Number(range.First);
        return range.First == range.Last ? this : Constant("-"u8).Number(range.Last);
    }

    /// <summary>Writes addresses as one address, a prefix or first-last.</summary>
    public NftWriter Addresses(AddressRange range)
    {
        bool isIPv6 = range.Family == RuleAddressFamily.IPv6;
        Address(range.First, isIPv6);
        if (range.First == range.Last)
        {
            return this;
        }

        return range.PrefixLength is int length
            ? Constant("/"u8).Number((ulong)length)
            : Constant("-"u8).Address(range.Last, isIPv6);
    }

    /// <summary>Writes an interface name, or start of one, in quotes.</summary>
    /// <exception cref="ArgumentException">The name could be read as something else.</exception>
    public NftWriter Interface(string name)
    {
        if (InterfaceNames.ProblemWith(name) is string problem)
        {
            throw new ArgumentException($"An interface name {problem}.", nameof(name));
        }

        return Constant("\""u8).Checked(name).Constant("\""u8);
    }

    /// <summary>Writes numbers as one or first-last.</summary>
    public NftWriter Numbers(NumberRange range)
    {
        Number(range.First);
        return range.First == range.Last ? this : Constant("-"u8).Number(range.Last);
    }

    /// <summary>Writes a time in whole milliseconds, at least one: what the kernel keeps of it.</summary>
    public NftWriter Time(TimeSpan time)
    {
        ulong milliseconds = (ulong)Math.Max(1, time.TotalMilliseconds);
        return milliseconds % 1000 == 0 ? Number(milliseconds / 1000).Constant("s"u8) : Number(milliseconds).Constant("ms"u8);
    }

    /// <summary>Writes an Ethernet address.</summary>
    public NftWriter Mac(MacAddress address)
    {
        for (int shift = 40; shift >= 0; shift -= 8)
        {
            bool done = Utf8Formatter.TryFormat((byte)(address.Value >> shift), Reserve(2), out int written, new System.Buffers.StandardFormat('x', 2));
            Debug.Assert(done, "two hexadecimal digits hold a byte");
            _length += written;
            Constant(shift == 0 ? [] : ":"u8);
        }

        return this;
    }

    /// <summary>Writes an address of either version, without its interface.</summary>
    public NftWriter Address(System.Net.IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int written);
        return written == 4
            ? Address(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes), isIPv6: false)
            : Address(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes), isIPv6: true);
    }

    /// <summary>Writes the name of a chain or set that this assembly made up.</summary>
    /// <exception cref="ArgumentException">The name has other characters than ours.</exception>
    public NftWriter Name(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_')
            {
                throw new ArgumentException("Names in our table are of lower-case letters, digits and _.", nameof(name));
            }
        }

        return Checked(name);
    }

    /// <summary>Writes the path of a control group in quotes.</summary>
    /// <param name="root">Where nft finds the v2 hierarchy, or empty.</param>
    /// <param name="path">The path below its root.</param>
    /// <exception cref="ArgumentException">The path could be read as something else.</exception>
    public NftWriter Cgroup(string root, string path)
    {
        if (CgroupPaths.ProblemWith(path) is string problem)
        {
            throw new ArgumentException($"The path of a control group {problem}.", nameof(path));
        }

        Constant("\""u8);
        if (root.Length > 0)
        {
            if (CgroupPaths.ProblemWith(root) is string rootProblem)
            {
                throw new ArgumentException($"The place of the control groups {rootProblem}.", nameof(root));
            }

            Checked(root).Constant("/"u8);
        }

        return Checked(path).Constant("\""u8);
    }

    // Only for text that one of the checks above found to be harmless ASCII.
    private NftWriter Checked(string text)
    {
        Span<byte> target = Reserve(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            target[i] = (byte)text[i];
        }

        _length += text.Length;
        return this;
    }

    private NftWriter Address(UInt128 address, bool isIPv6)
    {
        if (isIPv6)
        {
            return AddressIPv6(address);
        }

        uint value = (uint)address;
        return Number(value >> 24).Constant("."u8).Number((value >> 16) & 255).Constant("."u8).Number((value >> 8) & 255).Constant("."u8).Number(value & 255);
    }

    // RFC 5952 without its dotted forms, which nftables' lexer does not all know.
    private NftWriter AddressIPv6(UInt128 address)
    {
        Span<ushort> groups = stackalloc ushort[8];
        for (int i = 0; i < 8; i++)
        {
            groups[i] = (ushort)(address >> (112 - (16 * i)));
        }

        (int start, int length) = LongestZeroRun(groups);
        for (int i = 0; i < 8; i++)
        {
            if (i == start)
            {
                Constant("::"u8);
                i += length - 1;
                continue;
            }

            if (i > 0 && i != start + length)
            {
                Constant(":"u8);
            }

            bool done = Utf8Formatter.TryFormat(groups[i], Reserve(4), out int written, 'x');
            Debug.Assert(done, "four hexadecimal digits hold a group");
            _length += written;
        }

        return this;
    }

    private static (int Start, int Length) LongestZeroRun(ReadOnlySpan<ushort> groups)
    {
        (int Start, int Length) best = (-1, 1);
        int run = 0;
        for (int i = 0; i < groups.Length; i++)
        {
            run = groups[i] == 0 ? run + 1 : 0;
            if (run > best.Length)
            {
                best = (i - run + 1, run);
            }
        }

        return best;
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        }

        return _buffer.AsSpan(_length);
    }
}
