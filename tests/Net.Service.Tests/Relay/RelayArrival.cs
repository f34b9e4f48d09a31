namespace Net.Service.Tests.Relay;

/// <summary>A UDP packet that came to a sink.</summary>
internal sealed record RelayArrival(string DestinationMac, string Source, int SourcePort, string Destination, int Port, int Ttl, int Dscp, string Payload, bool IsIntact);
