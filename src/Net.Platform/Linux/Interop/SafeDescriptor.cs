using Microsoft.Win32.SafeHandles;

namespace Net.Platform.Linux.Interop;

/// <summary>Owns a file descriptor.</summary>
internal sealed class SafeDescriptor : SafeHandleMinusOneIsInvalid
{
    public SafeDescriptor()
        : base(ownsHandle: true)
    {
    }

    /// <summary>The number, for structures that carry it, such as pollfd. The caller keeps this object alive.</summary>
    internal int Number => (int)handle;

    protected override bool ReleaseHandle() => Libc.close(handle) == 0;
}
