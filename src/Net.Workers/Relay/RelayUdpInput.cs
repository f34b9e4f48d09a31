namespace Net.Workers.Relay;

/// <summary>A UDP socket that receives. What arrives has the address and port it is bound to as its destination.</summary>
/// <param name="Id">Its id.</param>
/// <param name="InterfaceIndex">The interface it receives from.</param>
/// <param name="Descriptor">Index of its descriptor in the message.</param>
public sealed record RelayUdpInput(int Id, int InterfaceIndex, int Descriptor);
