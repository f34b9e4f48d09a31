using System.Net;

namespace Net.Platform;

/// <summary>An address in a set of the kernel's packet filter.</summary>
/// <param name="Address">The address.</param>
/// <param name="ExpiresIn">How long it stays; null for ever.</param>
public sealed record SetElement(IPAddress Address, TimeSpan? ExpiresIn);
