using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>Owns a file descriptor.</summary>
internal sealed class SafeDescriptor : SafeHandle
{
    public SafeDescriptor()
        : base(invalidHandleValue: -1, ownsHandle: true)
    {
    }

    /// <summary>C returns an int, which fills only half of the handle: a failure is not -1 in all 64 bits.</summary>
    public override bool IsInvalid => Number < 0;

    /// <summary>The number, for structures that carry it, such as pollfd. The caller keeps this object alive.</summary>
    internal int Number => unchecked((int)handle);

    protected override bool ReleaseHandle() => Libc.close(Number) == 0;
}
