using System.Runtime.InteropServices;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>An eventfd: wakes a thread that waits in poll().</summary>
internal sealed unsafe class Wakeup : IDisposable
{
    private readonly SafeDescriptor _fd = Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);

    public Wakeup()
    {
        if (_fd.IsInvalid)
        {
            throw new NetlinkException("open an eventfd", Marshal.GetLastPInvokeError());
        }
    }

    public SafeDescriptor Descriptor => _fd;

    public void Signal()
    {
        ulong one = 1;
        Libc.write(_fd, &one, sizeof(ulong));
    }

    public void Clear()
    {
        ulong count;
        Libc.read(_fd, &count, sizeof(ulong));
    }

    public void Dispose() => _fd.Dispose();
}
