namespace Net.Contracts;

/// <summary>An expectation that must hold before a policy is applied.</summary>
/// <param name="From">Who opens the connection: a peer's name, <c>self</c>, or an address.</param>
/// <param name="To">Who is reached.</param>
/// <param name="Protocol">The protocol.</param>
/// <param name="Port">The destination port; null where the protocol has none.</param>
/// <param name="Expect">What must come out.</param>
public sealed record OverlayPolicyTest(string From, string To, IpProtocol Protocol, int? Port = null, OverlayAction Expect = OverlayAction.Allow);
