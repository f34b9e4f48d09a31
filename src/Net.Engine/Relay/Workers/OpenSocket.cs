using System.Net;
using System.Runtime.InteropServices;

namespace Net.Engine.Relay.Workers;

/// <summary>A descriptor a worker has, by what it is for.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Handle">The engine's copy.</param>
internal readonly record struct OpenSocket(int Id, SafeHandle Handle);

/// <summary>What a receiving UDP socket is for.</summary>
/// <param name="InterfaceIndex">The interface.</param>
/// <param name="Device">Its name.</param>
/// <param name="Local">Group or own address, and port.</param>
internal sealed record UdpReceiverKey(int InterfaceIndex, string Device, IPEndPoint Local);
