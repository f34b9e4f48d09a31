using System.Runtime.InteropServices;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>An eventfd: wakes a thread that waits in poll(). Any thread may signal; the one that waits clears. It owns its descriptor.</summary>
public sealed unsafe class Wakeup : IDisposable
{
    private readonly SafeDescriptor _fd = Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);

    /// <summary>Opens it, not signalled.</summary>
    /// <exception cref="NetlinkException">The process has no descriptor left.</exception>
    public Wakeup()
    {
        if (_fd.IsInvalid)
        {
            throw new NetlinkException("open an eventfd", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>The descriptor, readable once signalled, for a <see cref="Poller"/>. This object keeps owning it.</summary>
    public SafeHandle Handle => _fd;

    /// <summary>The same for callers inside this assembly.</summary>
    internal SafeDescriptor Descriptor => _fd;

    /// <summary>Wakes the thread that waits, or keeps it from falling asleep next time.</summary>
    public void Signal()
    {
        ulong one = 1;
        Libc.write(_fd, &one, sizeof(ulong));
    }

    /// <summary>Makes it wait again; before looking for work, so that no signal is lost.</summary>
    public void Clear()
    {
        ulong count;
        Libc.read(_fd, &count, sizeof(ulong));
    }

    /// <inheritdoc />
    public void Dispose() => _fd.Dispose();
}
