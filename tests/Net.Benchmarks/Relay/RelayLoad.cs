namespace Net.Benchmarks.Relay;

/// <summary>Traffic that is offered.</summary>
/// <param name="PacketsPerSecond">The rate; 0 for as many as can be.</param>
/// <param name="Duration">For how long.</param>
/// <param name="PayloadBytes">Payload of a packet.</param>
/// <param name="Groups">Groups it is spread over, a stream each.</param>
internal sealed record RelayLoad(double PacketsPerSecond, TimeSpan Duration, int PayloadBytes = 64, int Groups = 1);
