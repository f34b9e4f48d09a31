namespace Net.Firewall.Tests.Flows;

/// <summary>What a packet looked like behind our rules.</summary>
internal readonly record struct KernelSighting(uint Mark, byte Dscp, byte Ttl);
