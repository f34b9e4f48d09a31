using System.Net;

namespace Net.Platform;

/// <summary>What makes two neighbour entries the same one.</summary>
/// <param name="InterfaceIndex">Index of the interface.</param>
/// <param name="Address">The neighbour's address.</param>
public readonly record struct NeighborKey(int InterfaceIndex, IPAddress Address)
{
    /// <summary>The identity of a neighbour.</summary>
    /// <param name="neighbor">The neighbour.</param>
    /// <returns>Its key.</returns>
    public static NeighborKey Of(NeighborInfo neighbor)
    {
        ArgumentNullException.ThrowIfNull(neighbor);
        return new NeighborKey(neighbor.InterfaceIndex, neighbor.Address);
    }
}
