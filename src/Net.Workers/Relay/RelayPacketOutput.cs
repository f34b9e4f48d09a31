namespace Net.Workers.Relay;

/// <summary>A sender of frames.</summary>
/// <param name="Id">Its id.</param>
/// <param name="InterfaceIndex">The interface it sends by.</param>
/// <param name="Descriptor">Index of its descriptor in the message.</param>
public sealed record RelayPacketOutput(int Id, int InterfaceIndex, int Descriptor);
