using System.Runtime.InteropServices;

namespace Net.Engine.Overlay.Runtime;

/// <summary>A TUN device of an overlay, open as long as this object is: the device goes when it is disposed.</summary>
internal interface IOverlayDevice : IDisposable
{
    /// <summary>The interface's index.</summary>
    int InterfaceIndex { get; }

    /// <summary>Its queues, to hand to the worker, one for each shard.</summary>
    SafeHandle[] Handles { get; }

    /// <summary>Whether it takes and gives TCP segmentation.</summary>
    bool HasTso { get; }

    /// <summary>Whether it takes and gives UDP segmentation.</summary>
    bool HasUso { get; }
}
