using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux.Relay;

/// <summary>What maps, programs and links have in common.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class BpfObject
{
    /// <summary>More than any of the kernel's info structures; it fills what it knows.</summary>
    internal const int InfoBytes = 256;

    /// <summary>Runs a command that gives a descriptor, which the kernel makes close-on-exec.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    internal static SafeDescriptor Open(int command, BpfApi.Attribute attribute, string step)
    {
        int number = Check(BpfApi.Invoke(command, ref attribute), step);
        return Own(number);
    }

    /// <summary>Opens what is pinned under a name.</summary>
    /// <exception cref="BpfException">There is nothing, or it is not ours to open.</exception>
    internal static SafeDescriptor OpenPinned(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            BpfApi.Attribute attribute = default;
            attribute.SetPointer(0, name);
            return Open(BpfApi.BPF_OBJ_GET, attribute, $"open {path}");
        }
    }

    /// <summary>Pins an object.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    internal static void Pin(SafeDescriptor fd, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            BpfApi.Attribute attribute = default;
            attribute.SetPointer(0, name);
            attribute.Set32(8, (uint)fd.Number);
            Check(BpfApi.Invoke(BpfApi.BPF_OBJ_PIN, ref attribute), $"pin {path}");
        }
    }

    /// <summary>Reads the info structure of an object.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    internal static void ReadInfo(SafeDescriptor fd, Span<byte> info, string step)
    {
        info.Clear();
        fixed (byte* data = info)
        {
            BpfApi.Attribute attribute = default;
            attribute.Set32(0, (uint)fd.Number);
            attribute.Set32(4, (uint)info.Length);
            attribute.SetPointer(8, data);
            int result = BpfApi.Invoke(BpfApi.BPF_OBJ_GET_INFO_BY_FD, ref attribute);
            Check(result, step);
        }
    }

    /// <summary>Throws when a command failed.</summary>
    /// <exception cref="BpfException">It did.</exception>
    internal static int Check(int result, string step) => result >= 0 ? result : throw new BpfException(step, Marshal.GetLastPInvokeError());

    private static SafeDescriptor Own(int number)
    {
        var fd = new SafeDescriptor();
        Marshal.InitHandle(fd, number);
        return fd;
    }
}
