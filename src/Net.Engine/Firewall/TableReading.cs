namespace Net.Engine.Firewall;

/// <summary>What a table held at a moment.</summary>
/// <param name="Fingerprint">Hash of its content; null when it was not there.</param>
/// <param name="Generation">The generation of the kernel's rule sets it was read at.</param>
internal sealed record TableReading(string? Fingerprint, uint Generation);
