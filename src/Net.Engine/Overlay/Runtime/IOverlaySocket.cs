using System.Net;
using System.Runtime.InteropServices;

namespace Net.Engine.Overlay.Runtime;

/// <summary>The UDP socket of an overlay.</summary>
internal interface IOverlaySocket : IDisposable
{
    /// <summary>The socket, to hand to the worker.</summary>
    SafeHandle Handle { get; }

    /// <summary>Where it is bound to, with the port the kernel chose.</summary>
    IPEndPoint LocalEndPoint { get; }
}
