using System.Net;

namespace Net.Firewall;

/// <summary>One address in a dynamic list.</summary>
/// <param name="Address">The address.</param>
/// <param name="Timeout">How long it was put there for; null for ever.</param>
/// <param name="Expires">How long it still stays; null for the whole <paramref name="Timeout"/>.</param>
public readonly record struct DynamicAddress(IPAddress Address, TimeSpan? Timeout = null, TimeSpan? Expires = null);
