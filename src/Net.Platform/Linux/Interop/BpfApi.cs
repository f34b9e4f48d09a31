using System.Runtime.InteropServices;

namespace Net.Platform.Linux.Interop;

/// <summary>bpf(2): commands and constants of linux/bpf.h. union bpf_attr has members without names, so its fields are written by their offsets, which a test
/// compares with the headers.</summary>
internal static unsafe partial class BpfApi
{
    internal const int BPF_MAP_CREATE = 0;
    internal const int BPF_MAP_LOOKUP_ELEM = 1;
    internal const int BPF_MAP_UPDATE_ELEM = 2;
    internal const int BPF_MAP_DELETE_ELEM = 3;
    internal const int BPF_MAP_GET_NEXT_KEY = 4;
    internal const int BPF_PROG_LOAD = 5;
    internal const int BPF_OBJ_PIN = 6;
    internal const int BPF_OBJ_GET = 7;
    internal const int BPF_PROG_TEST_RUN = 10;
    internal const int BPF_OBJ_GET_INFO_BY_FD = 15;
    internal const int BPF_PROG_QUERY = 16;
    internal const int BPF_MAP_LOOKUP_BATCH = 24;
    internal const int BPF_MAP_UPDATE_BATCH = 26;
    internal const int BPF_LINK_CREATE = 28;
    internal const int BPF_LINK_UPDATE = 29;
    internal const int BPF_LINK_DETACH = 34;

    internal const int BPF_XDP = 37;

    internal const int BPF_F_TEST_XDP_LIVE_FRAMES = 2;


    internal const int ENOENT = 2;
    internal const int E2BIG = 7;
    internal const int EEXIST = 17;
    internal const int ENODEV = 19;
    internal const int EINVAL = 22;
    internal const int ENOSPC = 28;
    internal const int ENOLINK = 67;
    internal const int EOPNOTSUPP = 95;

    /// <summary>sizeof(union bpf_attr) of Linux 6.1; older kernels take more when the rest is zero.</summary>
    private const int AttributeSize = 144;

    private static readonly nint s_number = RuntimeInformation.ProcessArchitecture switch
    {
        // __NR_bpf: arch/x86/entry/syscalls/syscall_64.tbl, and the generic table of the younger architectures.
        Architecture.X64 => 321,
        Architecture.Arm64 => 280,
        _ => -1,
    };

    /// <summary>Whether this process' architecture is one whose numbers are known here.</summary>
    internal static bool IsKnown => s_number >= 0;

    /// <summary>Runs a command.</summary>
    /// <returns>What the kernel says; -1 with the errno in Marshal.GetLastPInvokeError.</returns>
    internal static int Invoke(int command, ref Attribute attribute)
    {
        fixed (Attribute* data = &attribute)
        {
            return (int)syscall(s_number, command, data, AttributeSize);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint command, void* attribute, nint size);

    /// <summary>union bpf_attr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Attribute
    {
        private fixed byte _bytes[AttributeSize];

        /// <summary>Sets a field of 32 bits.</summary>
        internal void Set32(int offset, uint value)
        {
            fixed (byte* data = _bytes)
            {
                *(uint*)(data + offset) = value;
            }
        }

        /// <summary>Sets a field of 64 bits.</summary>
        internal void Set64(int offset, ulong value)
        {
            fixed (byte* data = _bytes)
            {
                *(ulong*)(data + offset) = value;
            }
        }

        /// <summary>Sets an address.</summary>
        internal void SetPointer(int offset, void* value) => Set64(offset, (ulong)value);

        /// <summary>Sets a name of at most 15 characters.</summary>
        internal void SetName(int offset, string name)
        {
            for (int i = 0; i < name.Length && i < 15; i++)
            {
                _bytes[offset + i] = (byte)name[i];
            }
        }

        /// <summary>Reads a field of 32 bits the kernel filled in.</summary>
        internal uint Get32(int offset)
        {
            fixed (byte* data = _bytes)
            {
                return *(uint*)(data + offset);
            }
        }
    }
}
