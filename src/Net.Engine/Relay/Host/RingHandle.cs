using System.Runtime.InteropServices;

namespace Net.Engine.Relay.Host;

/// <summary>An open ring and how it lies in memory.</summary>
/// <param name="Handle">Its descriptor.</param>
/// <param name="BlockBytes">Size of its blocks.</param>
/// <param name="BlockCount">How many.</param>
/// <param name="FrameBytes">Size of its places.</param>
internal readonly record struct RingHandle(SafeHandle Handle, int BlockBytes, int BlockCount, int FrameBytes);
