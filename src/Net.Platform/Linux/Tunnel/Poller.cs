using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Waits for descriptors by ppoll(2), to the nanosecond and without allocating. For one thread. It does not own the descriptors: they are taken
/// out (set to null) before they are closed.</summary>
[SupportedOSPlatform("linux")]
public sealed unsafe class Poller
{
    private readonly Libc.pollfd[] _entries;
    private readonly SafeHandle?[] _handles;

    /// <summary>Makes one with all places free.</summary>
    /// <param name="capacity">How many descriptors it has places for.</param>
    public Poller(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _entries = new Libc.pollfd[capacity];
        _handles = new SafeHandle?[capacity];
        Array.Fill(_entries, new Libc.pollfd { fd = -1 });
    }

    /// <summary>Says what is waited for at a place, until said otherwise.</summary>
    /// <param name="index">The place.</param>
    /// <param name="handle">The descriptor; null to free the place.</param>
    /// <param name="wantRead">Whether to wake when it can be read.</param>
    /// <param name="wantWrite">Whether to wake when it can be written.</param>
    public void Set(int index, SafeHandle? handle, bool wantRead, bool wantWrite = false)
    {
        ref Libc.pollfd entry = ref _entries[index];
        _handles[index] = handle;
        entry.fd = handle is null || !(wantRead || wantWrite) ? -1 : (int)handle.DangerousGetHandle();
        entry.events = (short)((wantRead ? Libc.POLLIN : 0) | (wantWrite ? TunnelApi.POLLOUT : 0));
        entry.revents = 0;
    }

    /// <summary>Waits.</summary>
    /// <param name="timeoutNanoseconds">For how long at most; 0 only looks, below 0 waits for ever.</param>
    /// <returns>How many places are ready; 0 when the time is over or a signal came.</returns>
    public int Wait(long timeoutNanoseconds)
    {
        Libc.timespec time = new() { tv_sec = timeoutNanoseconds / 1_000_000_000, tv_nsec = timeoutNanoseconds % 1_000_000_000 };
        fixed (Libc.pollfd* entries = _entries)
        {
            int ready = TunnelApi.ppoll(entries, (nuint)_entries.Length, timeoutNanoseconds < 0 ? null : &time, null);
            if (ready >= 0)
            {
                return ready;
            }

            for (int i = 0; i < _entries.Length; i++)
            {
                entries[i].revents = 0;
            }

            return 0;
        }
    }

    /// <summary>Whether the last wait found something at a place: what was wanted, an error or a hang-up.</summary>
    /// <param name="index">The place.</param>
    /// <returns>True when so.</returns>
    public bool IsReady(int index) => _entries[index].revents != 0;

    /// <summary>Whether the last wait found that a place can be read, or that reading tells of an error or the end.</summary>
    /// <param name="index">The place.</param>
    /// <returns>True when so.</returns>
    public bool IsReadable(int index) => (_entries[index].revents & ~TunnelApi.POLLOUT) != 0;

    /// <summary>Whether the last wait found that a place can be written.</summary>
    /// <param name="index">The place.</param>
    /// <returns>True when so.</returns>
    public bool IsWritable(int index) => (_entries[index].revents & TunnelApi.POLLOUT) != 0;

    /// <summary>Whether the last wait found that a place tells of an error, which stays until it was taken.</summary>
    /// <param name="index">The place.</param>
    /// <returns>True when so.</returns>
    public bool HasError(int index) => (_entries[index].revents & Libc.POLLERR) != 0;
}
