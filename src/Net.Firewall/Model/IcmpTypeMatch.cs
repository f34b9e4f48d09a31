namespace Net.Firewall;

/// <summary>A type of ICMP message of one IP version, with or without its code (RFC 792, RFC 4443).</summary>
/// <param name="Family">IPv4 or IPv6.</param>
/// <param name="Type">The type.</param>
/// <param name="Code">The code, or null for all.</param>
public readonly record struct IcmpTypeMatch(RuleAddressFamily Family, byte Type, byte? Code = null);
