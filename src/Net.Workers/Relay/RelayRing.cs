namespace Net.Workers.Relay;

/// <summary>A ring of received frames. The worker finds where an earlier worker stopped reading it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="InterfaceIndex">The interface it listens to.</param>
/// <param name="Descriptor">Index of its descriptor in the message.</param>
/// <param name="BlockBytes">Size of its blocks, from its layout.</param>
/// <param name="BlockCount">How many, from its layout.</param>
/// <param name="FrameBytes">Size of its places, from its layout.</param>
public sealed record RelayRing(int Id, int InterfaceIndex, int Descriptor, int BlockBytes, int BlockCount, int FrameBytes);
