using System.Globalization;
using System.Text;

namespace Net.Overlay.Policy;

/// <summary>A set of IP protocol numbers.</summary>
public readonly struct IpProtocolSet : IEquatable<IpProtocolSet>
{
    private readonly UInt128 _low;
    private readonly UInt128 _high;

    private IpProtocolSet(UInt128 low, UInt128 high)
    {
        _low = low;
        _high = high;
    }

    /// <summary>Every protocol.</summary>
    public static IpProtocolSet All { get; } = new(UInt128.MaxValue, UInt128.MaxValue);

    /// <summary>Whether nothing is in it.</summary>
    public bool IsEmpty => (_low | _high) == 0;

    /// <summary>Whether everything is in it.</summary>
    public bool IsAll => Equals(All);

    /// <summary>A set of some protocols.</summary>
    /// <param name="protocols">IANA protocol numbers.</param>
    public static IpProtocolSet Of(params ReadOnlySpan<byte> protocols)
    {
        UInt128 low = 0;
        UInt128 high = 0;
        foreach (byte protocol in protocols)
        {
            UInt128 bit = UInt128.One << (protocol & 127);
            low |= protocol < 128 ? bit : 0;
            high |= protocol < 128 ? 0 : bit;
        }

        return new IpProtocolSet(low, high);
    }

    /// <summary>Whether a protocol is in it.</summary>
    /// <param name="protocol">IANA protocol number.</param>
    public bool Contains(byte protocol) => (((protocol < 128 ? _low : _high) >> (protocol & 127)) & 1) != 0;

    /// <inheritdoc/>
    public bool Equals(IpProtocolSet other) => _low == other._low && _high == other._high;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IpProtocolSet other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_low, _high);

    /// <summary>Whether two sets are equal.</summary>
    public static bool operator ==(IpProtocolSet left, IpProtocolSet right) => left.Equals(right);

    /// <summary>Whether two sets differ.</summary>
    public static bool operator !=(IpProtocolSet left, IpProtocolSet right) => !left.Equals(right);

    /// <summary>"all", or the numbers in rising order with commas.</summary>
    public override string ToString()
    {
        if (IsAll)
        {
            return "all";
        }

        var text = new StringBuilder();
        for (int protocol = 0; protocol < 256; protocol++)
        {
            if (Contains((byte)protocol))
            {
                text.Append(text.Length > 0 ? "," : "").Append(protocol.ToString(CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }
}
