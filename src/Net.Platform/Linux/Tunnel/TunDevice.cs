using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Net.Packets;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>One queue of a TUN device (layer 3), non-blocking, whose packets carry a virtio_net_hdr of 10 bytes in front (linux/virtio_net.h): a read brings
/// up to 64 KB of one flow, and a write may. It owns its descriptor. One thread reads and writes; counters may be read by others.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class TunDevice : ITunnelWriter, IDisposable
{
    private const int Offloads = TunnelApi.TUN_F_CSUM | TunnelApi.TUN_F_TSO4 | TunnelApi.TUN_F_TSO6;
    private readonly int _fd;
    private long _writeDrops;

    private TunDevice(SafeHandle handle, string name, bool hasTso, bool hasUso)
    {
        Handle = handle;
        _fd = (int)handle.DangerousGetHandle();
        Name = name;
        HasTso = hasTso;
        HasUso = hasUso;
    }

    /// <summary>Name of the interface when it was opened.</summary>
    public string Name { get; }

    /// <summary>Index of the interface when it was opened; 0 when it is not in the namespace of the thread that opened this.</summary>
    public int InterfaceIndex { get; private init; }

    /// <summary>The descriptor, to wait for and to hand over. This object keeps owning it.</summary>
    public SafeHandle Handle { get; }

    /// <summary>Whether the kernel hands over TCP that is still to be segmented.</summary>
    public bool HasTso { get; }

    /// <summary>Whether the kernel hands over UDP that is still to be segmented (Linux 6.2), and takes such.</summary>
    public bool HasUso { get; }

    /// <summary>Packets the kernel refused on <see cref="Write"/>.</summary>
    public long WriteDrops => Volatile.Read(ref _writeDrops);

    /// <summary>Makes a device, or opens another queue of one that was made with several queues. It goes when its last queue is closed. Needs CAP_NET_ADMIN.</summary>
    /// <param name="name">Name of the interface, 1 to 15 bytes; a %d in it is numbered by the kernel.</param>
    /// <param name="multiQueue">Whether it can have several queues; the same for all of them.</param>
    /// <returns>The queue, with the best offloads this kernel has: TSO and USO, TSO, or checksums alone.</returns>
    /// <exception cref="TunnelDeviceException">A step failed.</exception>
    public static TunDevice Create(string name, bool multiQueue)
    {
        Libc.ifreq request = NewRequest(name);
        int flags = TunnelApi.IFF_TUN | TunnelApi.IFF_NO_PI | TunnelApi.IFF_VNET_HDR | (multiQueue ? TunnelApi.IFF_MULTI_QUEUE : 0);
        *(short*)&request.ifr_data = (short)flags;
        SafeDescriptor fd = Libc.open("/dev/net/tun", Libc.O_RDWR | TunnelApi.O_NONBLOCK | Libc.O_CLOEXEC, 0);
        try
        {
            Check(fd.IsInvalid ? -1 : 0, "open /dev/net/tun");
            Check(Ioctl(fd, TunnelApi.TUNSETIFF, &request), $"make the TUN device {name}");
            int headerBytes = PacketSegmenter.HeaderBytes;
            Check(Ioctl(fd, TunnelApi.TUNSETVNETHDRSZ, &headerBytes), $"set the header size of {name}");
            string actual = NameOf(request);
            bool hasUso = TrySetOffload(fd, Offloads | TunnelApi.TUN_F_USO4 | TunnelApi.TUN_F_USO6);
            bool hasTso = hasUso || TrySetOffload(fd, Offloads);
            if (!hasTso && !TrySetOffload(fd, TunnelApi.TUN_F_CSUM))
            {
                Check(TrySetOffload(fd, 0) ? 0 : -1, $"set the offloads of {name}");
            }

            return new TunDevice(fd, actual, hasTso, hasUso) { InterfaceIndex = IndexOf(actual) };
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    /// <summary>Takes a descriptor another process opened with <see cref="Create"/>. Needs no capability.</summary>
    /// <param name="handle">The descriptor, owned by the result from now on.</param>
    /// <param name="hasTso">What <see cref="HasTso"/> was there.</param>
    /// <param name="hasUso">What <see cref="HasUso"/> was there.</param>
    /// <returns>The device.</returns>
    /// <exception cref="TunnelDeviceException">It is no TUN device with a virtio_net_hdr.</exception>
    public static TunDevice FromDescriptor(SafeHandle handle, bool hasTso, bool hasUso)
    {
        ArgumentNullException.ThrowIfNull(handle);
        Libc.ifreq request = default;
        Check(Ioctl(handle, TunnelApi.TUNGETIFF, &request), "ask a descriptor for its TUN device");
        string name = NameOf(request);
        int flags = *(ushort*)&request.ifr_data;
        if ((flags & TunnelApi.IFF_TUN) == 0 || (flags & TunnelApi.IFF_VNET_HDR) == 0)
        {
            throw new TunnelDeviceException($"{name} is no TUN device with a virtio_net_hdr.");
        }

        return new TunDevice(handle, name, hasTso, hasUso) { InterfaceIndex = IndexOf(name) };
    }

    /// <summary>Takes a datagram socket in place of a device, without offloads: what its other end sends is what the host sends. For tests, which so need neither
    /// a kernel's device nor the right to make one.</summary>
    /// <param name="handle">A connected, non-blocking socket that keeps message boundaries (AF_UNIX, SOCK_DGRAM), owned by the result from now on.</param>
    /// <param name="name">What messages call it by.</param>
    /// <returns>The device.</returns>
    internal static TunDevice FromSocket(SafeHandle handle, string name) => new(handle, name, hasTso: false, hasUso: false);

    /// <summary>Sets the MTU of an interface in the namespace of the calling thread. Needs CAP_NET_ADMIN.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mtu">The MTU in bytes.</param>
    /// <exception cref="TunnelDeviceException">The kernel refused.</exception>
    public static void SetMtu(string name, int mtu) => Set(name, TunnelApi.SIOCSIFMTU, mtu, "set the MTU of");

    /// <summary>Sets the length of the transmit queue of an interface in the namespace of the calling thread. Needs CAP_NET_ADMIN.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="packets">Packets the kernel keeps for us before it drops; each may hold 64 KB.</param>
    /// <exception cref="TunnelDeviceException">The kernel refused.</exception>
    public static void SetQueueLength(string name, int packets) => Set(name, TunnelApi.SIOCSIFTXQLEN, packets, "set the queue length of");

    /// <summary>Reads what the host sends: a virtio_net_hdr and a packet.</summary>
    /// <param name="buffer">Where to; 65,546 bytes hold the longest.</param>
    /// <returns>Bytes read; 0 when there is nothing now.</returns>
    /// <exception cref="TunnelDeviceException">The device was deleted, or a read failed for another reason.</exception>
    public int Read(Span<byte> buffer)
    {
        fixed (byte* data = buffer)
        {
            nint read = TunnelApi.read(_fd, data, (nuint)buffer.Length);
            return read >= 0 ? (int)read : ReadFailed();
        }
    }

    /// <summary>Hands a packet to the host.</summary>
    /// <param name="packetWithVnetHeader">A virtio_net_hdr and the packet.</param>
    /// <returns>False when the kernel refused it (interface down, no memory, header it cannot use); counted in <see cref="WriteDrops"/>.</returns>
    /// <exception cref="TunnelDeviceException">The device was deleted.</exception>
    public bool Write(ReadOnlySpan<byte> packetWithVnetHeader)
    {
        fixed (byte* data = packetWithVnetHeader)
        {
            return TunnelApi.write(_fd, data, (nuint)packetWithVnetHeader.Length) >= 0 || WriteFailed();
        }
    }

    /// <inheritdoc />
    public void Dispose() => Handle.Dispose();

    private static void Set(string name, int request, int value, string step)
    {
        Libc.ifreq argument = NewRequest(name);
        *(int*)&argument.ifr_data = value;
        using SafeDescriptor socket = Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
        Check(socket.IsInvalid ? -1 : 0, "open a socket");
        Check(Ioctl(socket, request, &argument), $"{step} {name}");
    }

    private static int IndexOf(string name)
    {
        Libc.ifreq request = NewRequest(name);
        using SafeDescriptor socket = Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
        return !socket.IsInvalid && Ioctl(socket, Libc.SIOCGIFINDEX, &request) == 0 ? *(int*)&request.ifr_data : 0;
    }

    private static Libc.ifreq NewRequest(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Encoding.UTF8.GetByteCount(name) >= RtnetlinkApi.IFNAMSIZ)
        {
            throw new ArgumentException($"'{name}' is longer than the 15 bytes an interface name may have.", nameof(name));
        }

        Libc.ifreq request = default;
        Encoding.UTF8.GetBytes(name, new Span<byte>(request.ifr_name, RtnetlinkApi.IFNAMSIZ));
        return request;
    }

    private static string NameOf(in Libc.ifreq request)
    {
        fixed (byte* name = request.ifr_name)
        {
            return Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
        }
    }

    private static bool TrySetOffload(SafeDescriptor fd, int offloads) => Ioctl(fd, TunnelApi.TUNSETOFFLOAD, (void*)offloads) == 0;

    private static int Ioctl(SafeHandle fd, int request, void* argument) => TunnelApi.ioctl(fd, (uint)request, argument);

    private static void Check(int result, string step)
    {
        if (result < 0)
        {
            throw new TunnelDeviceException(step, Marshal.GetLastPInvokeError());
        }
    }

    private int ReadFailed()
    {
        int error = Marshal.GetLastPInvokeError();
        if (error is Libc.EAGAIN or Libc.EINTR)
        {
            return 0;
        }

        // drivers/net/tun.c: EBADFD once the queue is detached, EIO while the device is being unregistered, EFAULT when that happens in the middle of a read.
        bool isGone = error is TunnelApi.EBADFD or Libc.ENODEV or TunnelApi.EIO or TunnelApi.EFAULT;
        throw new TunnelDeviceException($"read from {Name}", error, isGone);
    }

    private bool WriteFailed()
    {
        int error = Marshal.GetLastPInvokeError();
        if (error is TunnelApi.EBADFD or Libc.ENODEV)
        {
            throw new TunnelDeviceException($"write to {Name}", error, isGone: true);
        }

        // One thread writes; others only read the counter.
        Volatile.Write(ref _writeDrops, _writeDrops + 1);
        return false;
    }
}
