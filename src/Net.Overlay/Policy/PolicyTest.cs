namespace Net.Overlay.Policy;

/// <summary>What somebody expects of a policy, kept beside it and asked before it is applied.</summary>
/// <param name="From">A peer's name, or an address.</param>
/// <param name="To">A peer's name, or an address.</param>
/// <param name="Protocol">"tcp", "udp", "icmp", "sctp" or an IANA protocol number.</param>
/// <param name="Port">The port it is opened to; 0 for protocols without any.</param>
/// <param name="Expect">Whether it must pass.</param>
public sealed record PolicyTest(string From, string To, string Protocol, int Port, bool Expect);
