using System.Net;
using System.Runtime.InteropServices;

namespace Net.Engine.Overlay.Runtime;

/// <summary>The UDP sockets of an overlay, all of one address.</summary>
internal interface IOverlaySocket : IDisposable
{
    /// <summary>The sockets, to hand to the worker, one for each shard.</summary>
    SafeHandle[] Handles { get; }

    /// <summary>Where they are bound to, with the port the kernel chose.</summary>
    IPEndPoint LocalEndPoint { get; }
}
