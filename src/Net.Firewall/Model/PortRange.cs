using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Net.Firewall;

/// <summary>Ports from first to last, both included. A reversed range can be held, so that validation can name it.</summary>
/// <param name="First">The lowest port.</param>
/// <param name="Last">The highest port.</param>
public readonly record struct PortRange(ushort First, ushort Last)
{
    /// <summary>One port.</summary>
    public PortRange(ushort port)
        : this(port, port)
    {
    }

    /// <summary>Whether the last port is below the first.</summary>
    public bool IsReversed => Last < First;

    /// <summary>Whether a port lies in the range.</summary>
    public bool Contains(ushort port) => port >= First && port <= Last;

    /// <summary>Reads "443" or "8000-8080".</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PortRange range)
    {
        range = default;
        if (text is null)
        {
            return false;
        }

        int dash = text.IndexOf('-', StringComparison.Ordinal);
        ReadOnlySpan<char> first = dash < 0 ? text : text.AsSpan(0, dash);
        ReadOnlySpan<char> last = dash < 0 ? text : text.AsSpan(dash + 1);
        if (!ushort.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out ushort low)
            || !ushort.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out ushort high))
        {
            return false;
        }

        range = new PortRange(low, high);
        return true;
    }

    /// <summary>The text <see cref="TryParse"/> reads.</summary>
    public override string ToString() => First == Last
        ? First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
}
