using System.Globalization;

namespace Net.Overlay.Policy;

/// <summary>A set of ports as ranges. A set that is not <see cref="All"/> matches only protocols that have ports.</summary>
public sealed class PortSet : IEquatable<PortSet>
{
    private readonly (ushort First, ushort Last)[] _ranges;

    private PortSet((ushort First, ushort Last)[] ranges) => _ranges = ranges;

    /// <summary>Every port, and packets without any.</summary>
    public static PortSet All { get; } = new([(0, ushort.MaxValue)]);

    /// <summary>Whether it is every port.</summary>
    public bool IsAll => _ranges is [(0, ushort.MaxValue)];

    /// <summary>Makes a set; ranges that overlap or touch become one.</summary>
    /// <param name="ranges">First and last port of each, both included.</param>
    /// <exception cref="ArgumentException">A range is reversed.</exception>
    public static PortSet Of(params ReadOnlySpan<(ushort First, ushort Last)> ranges)
    {
        (ushort First, ushort Last)[] sorted = [.. ranges];
        Array.Sort(sorted);
        var joined = new List<(ushort First, ushort Last)>();
        foreach ((ushort first, ushort last) in sorted)
        {
            if (last < first)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The range {first}-{last} is reversed."), nameof(ranges));
            }

            if (joined.Count > 0 && first <= joined[^1].Last + 1)
            {
                joined[^1] = (joined[^1].First, Math.Max(joined[^1].Last, last));
            }
            else
            {
                joined.Add((first, last));
            }
        }

        return new PortSet([.. joined]);
    }

    /// <summary>A set of single ports.</summary>
    /// <param name="ports">The ports.</param>
    public static PortSet OfPorts(params ReadOnlySpan<ushort> ports)
    {
        var ranges = new (ushort First, ushort Last)[ports.Length];
        for (int index = 0; index < ports.Length; index++)
        {
            ranges[index] = (ports[index], ports[index]);
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
