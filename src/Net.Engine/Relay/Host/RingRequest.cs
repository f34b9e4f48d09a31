namespace Net.Engine.Relay.Host;

/// <summary>How a ring is opened.</summary>
/// <param name="InterfaceIndex">The interface it listens to.</param>
/// <param name="MtuBytes">The interface's MTU.</param>
/// <param name="RingBytes">Memory of the ring.</param>
/// <param name="AcceptUnicast">Whether frames to unicast addresses come in.</param>
/// <param name="FanoutGroup">Number of the group of rings that share the interface's frames; null for a ring that gets all of them.</param>
internal readonly record struct RingRequest(int InterfaceIndex, int MtuBytes, int RingBytes, bool AcceptUnicast, int? FanoutGroup);
