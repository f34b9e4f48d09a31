namespace Net.Workers.Relay;

/// <summary>A UDP socket that sends, with source, TTL and DSCP of its own. Several targets may share one that is not connected.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Descriptor">Index of its descriptor in the message.</param>
/// <param name="IsConnected">Whether it is connected to the one place it sends to; otherwise each message names its target's.</param>
public sealed record RelayUdpOutput(int Id, int Descriptor, bool IsConnected);
