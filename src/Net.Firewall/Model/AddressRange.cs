using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Net.Firewall;

/// <summary>
/// IP addresses of one family from first to last, both included: a single address, a prefix, or any other range.
/// A reversed range can be held, so that validation can name it. The default value is 0.0.0.0.
/// </summary>
public readonly record struct AddressRange
{
    private static readonly SearchValues<char> s_addressCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");

    private readonly bool _isIPv6;

    /// <summary>A range between two addresses of the same family.</summary>
    /// <exception cref="ArgumentException">The addresses are of different families, or carry a zone.</exception>
    public AddressRange(IPAddress first, IPAddress last)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(last);
        if (first.AddressFamily != last.AddressFamily)
        {
            throw new ArgumentException($"{first} and {last} are of different address families.", nameof(last));
        }

        _isIPv6 = first.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        if (_isIPv6 && (first.ScopeId != 0 || last.ScopeId != 0))
        {
            throw new ArgumentException("An address with a zone (fe80::1%eth0) cannot be in a range; name the interface in the rule instead.", nameof(first));
        }

        First = ToNumber(first);
        Last = ToNumber(last);
    }

    /// <summary>One address.</summary>
    public AddressRange(IPAddress address)
        : this(address, address)
    {
    }

    /// <summary>A prefix.</summary>
    public AddressRange(IPNetwork prefix)
    {
        _isIPv6 = prefix.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        First = ToNumber(prefix.BaseAddress);
        Last = First | HostMask(prefix.PrefixLength, _isIPv6);
    }

    private AddressRange(bool isIPv6, UInt128 first, UInt128 last)
    {
        _isIPv6 = isIPv6;
        First = first;
        Last = last;
    }

    /// <summary>IPv4 or IPv6, never Any.</summary>
    public RuleAddressFamily Family => _isIPv6 ? RuleAddressFamily.IPv6 : RuleAddressFamily.IPv4;

    /// <summary>The lowest address as a number; an IPv4 address uses the low 32 bits.</summary>
    public UInt128 First { get; }

    /// <summary>The highest address as a number; an IPv4 address uses the low 32 bits.</summary>
    public UInt128 Last { get; }

    /// <summary>The lowest address.</summary>
    public IPAddress FirstAddress => ToAddress(First, _isIPv6);

    /// <summary>The highest address.</summary>
    public IPAddress LastAddress => ToAddress(Last, _isIPv6);

    /// <summary>Whether the last address is below the first.</summary>
    public bool IsReversed => Last < First;

    /// <summary>The prefix length if the range is exactly one prefix (a single address included), else null.</summary>
    public int? PrefixLength
    {
        get
        {
            UInt128 differing = First ^ Last;
            bool aligned = !IsReversed && (differing & (differing + 1)) == 0 && (First & differing) == 0;
            return aligned ? Width - (128 - (int)UInt128.LeadingZeroCount(differing)) : null;
        }
    }

    private int Width => _isIPv6 ? 128 : 32;

    /// <summary>A range of numbers in one family.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The family is Any, or a number does not fit an IPv4 address.</exception>
    public static AddressRange FromNumbers(RuleAddressFamily family, UInt128 first, UInt128 last)
    {
        if (family is not (RuleAddressFamily.IPv4 or RuleAddressFamily.IPv6))
        {
            throw new ArgumentOutOfRangeException(nameof(family), family, "A range is of one family.");
        }

        if (family == RuleAddressFamily.IPv4)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(first, uint.MaxValue);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(last, uint.MaxValue);
        }

        return new AddressRange(family == RuleAddressFamily.IPv6, first, last);
    }

    /// <summary>Whether an address lies in the range; an address of the other family never does.</summary>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        bool isIPv6 = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        UInt128 number = ToNumber(address);
        return isIPv6 == _isIPv6 && number >= First && number <= Last;
    }

    /// <summary>
    /// Reads "192.0.2.1", "192.0.2.0/24", "192.0.2.5-192.0.2.9" and the same for IPv6. Bits of a prefix beyond its length are
    /// ignored (192.0.2.7/24 is 192.0.2.0/24). Octal, hexadecimal and shortened IPv4 forms and zones are refused.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AddressRange range)
    {
        range = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            if (!TryParseAddress(text.AsSpan(0, slash), out bool isIPv6, out UInt128 number)
                || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int length)
                || length > (isIPv6 ? 128 : 32))
            {
                return false;
            }

            UInt128 hosts = HostMask(length, isIPv6);
            range = new AddressRange(isIPv6, number & ~hosts, number | hosts);
            return true;
        }

        int dash = text.IndexOf('-', StringComparison.Ordinal);
        ReadOnlySpan<char> from = dash < 0 ? text : text.AsSpan(0, dash);
        ReadOnlySpan<char> to = dash < 0 ? text : text.AsSpan(dash + 1);
        if (!TryParseAddress(from, out bool firstIsIPv6, out UInt128 first)
            || !TryParseAddress(to, out bool lastIsIPv6, out UInt128 last)
            || firstIsIPv6 != lastIsIPv6)
        {
            return false;
        }

        range = new AddressRange(firstIsIPv6, first, last);
        return true;
    }

    /// <summary>The shortest of: single address, prefix, first-last; nftables and <see cref="TryParse"/> read all three.</summary>
    public override string ToString()
    {
        if (First == Last)
        {
            return FirstAddress.ToString();
        }

        return PrefixLength is int length
            ? string.Create(CultureInfo.InvariantCulture, $"{FirstAddress}/{length}")
            : $"{FirstAddress}-{LastAddress}";
    }

    private static bool TryParseAddress(ReadOnlySpan<char> text, out bool isIPv6, out UInt128 number)
    {
        isIPv6 = text.Contains(':');
        if (!isIPv6)
        {
            return TryParseIPv4(text, out number);
        }

        number = UInt128.Zero;
        // The framework also takes zones, brackets and ports, which mean nothing in a rule.
        if (text.ContainsAnyExcept(s_addressCharacters) || !IPAddress.TryParse(text, out IPAddress? address))
        {
            return false;
        }

        number = ToNumber(address);
        return true;
    }

    // Not the framework's parser: it reads 010.1 as octal and 10.1 as 10.0.0.1, and a firewall must not guess.
    private static bool TryParseIPv4(ReadOnlySpan<char> text, out UInt128 number)
    {
        number = UInt128.Zero;
        uint value = 0;
        for (int part = 0; part < 4; part++)
        {
            int dot = text.IndexOf('.');
            if ((dot < 0) != (part == 3))
            {
                return false;
            }

            ReadOnlySpan<char> digits = dot < 0 ? text : text[..dot];
            if (digits.Length is 0 or > 3
                || (digits.Length > 1 && digits[0] == '0')
                || !byte.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out byte octet))
            {
                return false;
            }

            value = (value << 8) | octet;
            text = dot < 0 ? default : text[(dot + 1)..];
        }

        number = value;
        return true;
    }

    private static UInt128 HostMask(int prefixLength, bool isIPv6)
    {
        int hostBits = (isIPv6 ? 128 : 32) - prefixLength;
        return hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
    }

    private static UInt128 ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int written);
        return written == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static IPAddress ToAddress(UInt128 number, bool isIPv6)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(isIPv6 ? bytes : bytes[12..]);
    }
}
