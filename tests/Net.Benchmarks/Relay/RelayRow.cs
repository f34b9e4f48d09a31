using Net.Benchmarks.Harness;

namespace Net.Benchmarks.Relay;

/// <summary>One row: a measure of one of our relays, beside the same of a peer where there is one.</summary>
/// <param name="Measure">What is measured.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Better">Which way it is good.</param>
/// <param name="Ours">Our relay.</param>
/// <param name="Peer">What it is compared with; null for nothing.</param>
/// <param name="Target">What must hold; null informs.</param>
internal sealed record RelayRow(string Measure, string Unit, Better Better, IRelay Ours, IRelay? Peer = null, BenchmarkTarget? Target = null)
{
    /// <summary>The row's name; versions are not in it.</summary>
    public string Name => $"{Measure}, {First(Ours)}{(Peer is null ? string.Empty : $" / {First(Peer)}")}";

    private static string First(IRelay relay) => relay.Name.Split(' ')[0];
}
