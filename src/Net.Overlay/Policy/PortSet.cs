using System.Globalization;

namespace Net.Overlay.Policy;

/// <summary>A set of ports as ranges. A set that is not <see cref="All"/> matches only protocols that have ports.</summary>
public sealed class PortSet : IEquatable<PortSet>
{
    private readonly PortRange[] _ranges;

    private PortSet(PortRange[] ranges) => _ranges = ranges;

    /// <summary>Every port, and packets without any.</summary>
    public static PortSet All { get; } = new([new PortRange(0, ushort.MaxValue)]);

    /// <summary>Whether it is every port.</summary>
    public bool IsAll => _ranges is [(0, ushort.MaxValue)];

    /// <summary>Makes a set; ranges that overlap or touch become one.</summary>
    /// <param name="ranges">The ranges, in any order.</param>
    /// <exception cref="ArgumentException">A range is reversed.</exception>
    public static PortSet Of(params ReadOnlySpan<PortRange> ranges)
    {
        PortRange[] sorted = [.. ranges];
        Array.Sort(sorted, static (left, right) => left.First.CompareTo(right.First));
        var joined = new List<PortRange>();
        foreach ((ushort first, ushort last) in sorted)
        {
            if (last < first)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The range {first}-{last} is reversed."), nameof(ranges));
            }

            if (joined.Count > 0 && first <= joined[^1].Last + 1)
            {
                joined[^1] = joined[^1] with { Last = Math.Max(joined[^1].Last, last) };
            }
            else
            {
                joined.Add(new PortRange(first, last));
            }
        }

        return new PortSet([.. joined]);
    }

    /// <summary>A set of single ports.</summary>
    /// <param name="ports">The ports.</param>
    public static PortSet OfPorts(params ReadOnlySpan<ushort> ports)
    {
        var ranges = new PortRange[ports.Length];
        for (int index = 0; index < ports.Length; index++)
        {
            ranges[index] = new PortRange(ports[index], ports[index]);
        }

        return Of(ranges);
    }

    /// <summary>Whether a port is in it.</summary>
    /// <param name="port">The port.</param>
    public bool Contains(ushort port)
    {
        foreach ((ushort first, ushort last) in _ranges)
        {
            if (port <= last)
            {
                return port >= first;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(PortSet? other) => other is not null && _ranges.AsSpan().SequenceEqual(other._ranges);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PortSet);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>"all", or ranges with commas: "22,8000-8080".</summary>
    public override string ToString() => IsAll
        ? "all"
        : string.Join(',', _ranges.Select(range => range.First == range.Last
            ? range.First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}")));
}
