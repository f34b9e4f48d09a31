namespace Net.Overlay.Probes;

/// <summary>What is sealed in a probe.</summary>
/// <param name="Kind">Ping or pong.</param>
/// <param name="EchoedSequence">In a pong the sequence of the ping it answers, else 0.</param>
/// <param name="SentTime">In a ping the sender's clock in nanoseconds; a pong brings it back unchanged.</param>
/// <param name="Observed">In a pong the endpoint the ping came from, as its receiver saw it.</param>
public readonly record struct ProbeMessage(ProbeKind Kind, ulong EchoedSequence, long SentTime, PathEndpoint Observed);
