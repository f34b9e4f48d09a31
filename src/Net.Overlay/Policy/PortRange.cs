namespace Net.Overlay.Policy;

/// <summary>Ports from first to last, both included.</summary>
/// <param name="First">The lowest port.</param>
/// <param name="Last">The highest port.</param>
public readonly record struct PortRange(ushort First, ushort Last);
