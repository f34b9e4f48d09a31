using System.Net;

namespace Net.Engine.Relay.Membership;

/// <summary>A group on an interface.</summary>
/// <param name="InterfaceIndex">Index of the interface.</param>
/// <param name="Group">The group.</param>
internal readonly record struct GroupKey(int InterfaceIndex, IPAddress Group);
