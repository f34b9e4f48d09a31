using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Net.Contracts.Json;

namespace Net.Contracts;

/// <summary>A port, or an inclusive range of ports. Its text is <c>443</c> or <c>8000-8010</c>.</summary>
[JsonConverter(typeof(ParsableConverter<PortRange>))]
public readonly record struct PortRange : IParsable<PortRange>, IUtf8SpanParsable<PortRange>, IUtf8SpanFormattable
{
    /// <summary>Creates a range.</summary>
    /// <param name="first">The lowest port.</param>
    /// <param name="last">The highest port, not below <paramref name="first"/>.</param>
    public PortRange(int first, int last)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        First = first;
        Last = last;
    }

    /// <summary>Creates a single port.</summary>
    public PortRange(int port)
        : this(port, port)
    {
    }

    /// <summary>The lowest port.</summary>
    public int First { get; }

    /// <summary>The highest port.</summary>
    public int Last { get; }

    /// <summary>Reads a port or a range.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static PortRange Parse(string s, IFormatProvider? provider) => TryParse(s, provider, out PortRange range)
        ? range
        : throw new FormatException($"'{s}' is not a port (0 to 65535) or a range of ports such as 8000-8010, lowest first.");

    /// <summary>Reads a port or a range.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static PortRange Parse(string s) => Parse(s, null);

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PortRange result)
    {
        result = default;
        if (string.IsNullOrWhiteSpace(s))
        {
            return false;
        }

        int dash = s.IndexOf('-', StringComparison.Ordinal);
        ReadOnlySpan<char> first = dash < 0 ? s : s.AsSpan(0, dash);
        ReadOnlySpan<char> last = dash < 0 ? s : s.AsSpan(dash + 1);
        if (!TryPort(first, out ushort low) || !TryPort(last, out ushort high) || high < low)
        {
            return false;
        }

        result = new PortRange(low, high);
        return true;
    }

    /// <summary>Reads a port or a range.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static PortRange Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) => Parse(Encoding.UTF8.GetString(utf8Text), provider);

    /// <inheritdoc />
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, out PortRange result)
    {
        int dash = utf8Text.IndexOf((byte)'-');
        ReadOnlySpan<byte> first = dash < 0 ? utf8Text : utf8Text[..dash];
        ReadOnlySpan<byte> last = dash < 0 ? utf8Text : utf8Text[(dash + 1)..];
        if (ushort.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out ushort low)
            && ushort.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out ushort high)
            && low <= high)
        {
            result = new PortRange(low, high);
            return true;
        }

        // White space, which people write, or nothing that is a port.
        return TryParse(Encoding.UTF8.GetString(utf8Text), provider, out result);
    }

    /// <inheritdoc />
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) => First == Last
        ? First.TryFormat(utf8Destination, out bytesWritten, default, CultureInfo.InvariantCulture)
        : Utf8.TryWrite(utf8Destination, CultureInfo.InvariantCulture, $"{First}-{Last}", out bytesWritten);

    /// <inheritdoc />
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc />
    public override string ToString() => First == Last
        ? First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    private static bool TryPort(ReadOnlySpan<char> text, out ushort port) =>
        ushort.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out port);
}
