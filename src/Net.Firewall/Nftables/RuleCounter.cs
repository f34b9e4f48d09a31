namespace Net.Firewall;

/// <summary>What a rule has matched so far.</summary>
/// <param name="Packets">Packets matched.</param>
/// <param name="Bytes">Bytes of those packets, IP headers included.</param>
public readonly record struct RuleCounter(ulong Packets, ulong Bytes);
