using Net.Benchmarks.Harness;

namespace Net.Benchmarks.Overlay;

/// <summary>Something measured of every tunnel.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Better">Which way it is good.</param>
/// <param name="Rows">The rows made of it, one for each peer it is compared with.</param>
internal sealed record TunnelMeasure(string Name, string Unit, Better Better, params (ITunnel Peer, BenchmarkTarget? Target)[] Rows)
{
    /// <summary>The name of the row that compares with a peer.</summary>
    public string RowName(ITunnel peer) => Rows.Length == 1 ? Name : $"{Name}, {peer.Name.Split(' ')[0]}";
}
