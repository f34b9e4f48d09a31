namespace Net.Platform.Linux.Relay;

/// <summary>A message of a batch that was not sent.</summary>
/// <param name="Tag">The number it was added with.</param>
/// <param name="Packets">How many packets it stood for.</param>
/// <param name="Bytes">The bytes it was added with, for the sender's counters.</param>
/// <param name="Error">The errno.</param>
public readonly record struct SendFailure(int Tag, int Packets, int Bytes, int Error)
{
    /// <summary>Whether the output's buffer or queue was full (EAGAIN, ENOBUFS).</summary>
    public bool IsQueueFull => Error is Interop.Libc.EAGAIN or Interop.Libc.ENOBUFS or Interop.TunnelApi.ENOMEM;

    /// <summary>Whether the interface was down or gone (ENETDOWN, ENXIO, ENODEV, ENETUNREACH and EADDRNOTAVAIL, as the kernel takes addresses from interfaces that are down).</summary>
    public bool IsInterfaceDown => Error is Interop.PacketApi.ENETDOWN or Interop.TunnelApi.ENXIO or Interop.Libc.ENODEV or Interop.Libc.ENETUNREACH or Interop.TunnelApi.EADDRNOTAVAIL;

    /// <summary>Whether the packet was larger than the interface takes (EMSGSIZE).</summary>
    public bool IsTooBig => Error == Interop.Libc.EMSGSIZE;

    /// <summary>Whether the interface or kernel cannot split what it was given (EINVAL, EIO, EOPNOTSUPP; udp(7)); only for messages of several packets.</summary>
    public bool IsSplitRefused => Packets > 1 && (Error is Interop.Libc.EINVAL or Interop.TunnelApi.EIO or Interop.Libc.EOPNOTSUPP);
}
