using System.Net;

namespace Net.Service.Tests.Flood;

/// <summary>One stream of datagrams through a router.</summary>
/// <param name="Name">What it proves.</param>
/// <param name="To">Where to; an address of the receiving node.</param>
/// <param name="Port">The port it goes to.</param>
/// <param name="SourcePort">The port it comes from.</param>
/// <param name="MustPass">Whether all of it has to arrive, or none.</param>
internal sealed record FloodFlow(string Name, IPAddress To, ushort Port, ushort SourcePort, bool MustPass);
