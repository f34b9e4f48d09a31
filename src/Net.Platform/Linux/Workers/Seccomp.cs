using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Net.Platform.Linux.Interop;

namespace Net.Platform.Linux;

/// <summary>Takes from a process for good what it does not need once it has its descriptors (seccomp(2)): making or redirecting sockets, changing their options, starting programs or
/// processes, writing files it did not have open, touching other processes or the kernel's interior. Refused calls fail with EPERM. It needs no capability.</summary>
[SupportedOSPlatform("linux")]
public static unsafe class Seccomp
{
    // struct seccomp_data of linux/seccomp.h: the number, the architecture, the instruction pointer, then six arguments of 64 bits.
    private const int NumberOffset = 0;
    private const int ArchitectureOffset = 4;
    private const int ArgumentsOffset = 16;

    // open(2), the same on all architectures but for O_CREAT and such, which matter only together with one of these two.
    private const uint WriteOnlyOrBoth = 3;
    private const uint CreateOrTruncate = 0x40 | 0x200;

    // Calls of the 32-bit pointer variant of x86-64 have this bit (arch/x86/include/uapi/asm/unistd.h).
    private const uint X32Bit = 0x40000000;

    /// <summary>Whether this kernel and architecture are served.</summary>
    public static bool IsSupported => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>Locks every thread of this process, those it starts later included, and sets no_new_privs.</summary>
    /// <exception cref="Win32Exception">The kernel refused it: it was built without, or a thread has a filter of its own.</exception>
    /// <exception cref="PlatformNotSupportedException">The process is neither x86-64 nor ARM64.</exception>
    public static void LockProcess() => Install(SeccompApi.SECCOMP_FILTER_FLAG_TSYNC);

    /// <summary>Locks the calling thread and those it starts.</summary>
    /// <exception cref="Win32Exception">The kernel refused it.</exception>
    internal static void LockThread() => Install(0);

    /// <summary>The program, in the order of its checks.</summary>
    /// <param name="architecture">The process's architecture.</param>
    internal static Libc.sock_filter[] BuildProgram(Architecture architecture)
    {
        List<Libc.sock_filter> code =
        [
            Load(ArchitectureOffset),
            JumpIfEqual(unchecked((uint)(architecture == Architecture.X64 ? SeccompApi.AUDIT_ARCH_X86_64 : SeccompApi.AUDIT_ARCH_AARCH64)), 1, 0),
            Return(SeccompApi.SECCOMP_RET_KILL_PROCESS),
            Load(NumberOffset),
            Jump(PacketApi.BPF_JGE, X32Bit, 0, 1),
            Refuse(Libc.EPERM),
        ];
        foreach (int number in SeccompCalls.Refused(architecture))
        {
            code.Add(JumpIfEqual((uint)number, 0, 1));
            code.Add(Refuse(Libc.EPERM));
        }

        foreach (int number in SeccompCalls.Unseen)
        {
            code.Add(JumpIfEqual((uint)number, 0, 1));
            code.Add(Refuse(SeccompApi.ENOSYS));
        }

        // A new process has no CLONE_THREAD.
        AddArgumentCheck(code, SeccompCalls.Clone(architecture), 0, SeccompApi.CLONE_THREAD, isRefusedWhenSet: false);
        AddArgumentCheck(code, SeccompCalls.OpenAt(architecture), 2, WriteOnlyOrBoth | CreateOrTruncate, isRefusedWhenSet: true);
        if (SeccompCalls.Open(architecture) is >= 0 and int open)
        {
            AddArgumentCheck(code, open, 1, WriteOnlyOrBoth | CreateOrTruncate, isRefusedWhenSet: true);
        }

        code.Add(Return(SeccompApi.SECCOMP_RET_ALLOW));
        return [.. code];
    }

    // Only the lower half of the argument counts: flags are below 2^32, and both architectures are little endian.
    private static void AddArgumentCheck(List<Libc.sock_filter> code, int number, int argument, uint bits, bool isRefusedWhenSet) => code.AddRange(
    [
        JumpIfEqual((uint)number, 0, 4),
        Load(ArgumentsOffset + (argument * sizeof(ulong))),
        Jump(PacketApi.BPF_JSET, bits, (byte)(isRefusedWhenSet ? 0 : 1), (byte)(isRefusedWhenSet ? 1 : 0)),
        Refuse(Libc.EPERM),
        Return(SeccompApi.SECCOMP_RET_ALLOW),
    ]);

    private static void Install(nuint flags)
    {
        if (!IsSupported)
        {
            throw new PlatformNotSupportedException($"System call filters are made for x86-64 and ARM64, not for {RuntimeInformation.ProcessArchitecture}.");
        }

        Check(SeccompApi.prctl(SeccompApi.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "give up new privileges");
        Libc.sock_filter[] code = BuildProgram(RuntimeInformation.ProcessArchitecture);
        fixed (Libc.sock_filter* first = code)
        {
            Libc.sock_fprog program = new() { len = (ushort)code.Length, filter = first };
            nint result = SeccompApi.syscall(SeccompCalls.Seccomp(RuntimeInformation.ProcessArchitecture), SeccompApi.SECCOMP_SET_MODE_FILTER, flags, &program);
            Check(result, "install a filter of system calls");
            if (result > 0)
            {
                // The id of a thread that could not take the filter over.
                throw new Win32Exception(Libc.EBUSY, $"Thread {result} has a filter of system calls of its own, so the process cannot be locked.");
            }
        }
    }

    private static Libc.sock_filter Load(int offset) => new() { code = Libc.BPF_LD | PacketApi.BPF_W | Libc.BPF_ABS, k = (uint)offset };

    private static Libc.sock_filter JumpIfEqual(uint value, byte ifTrue, byte ifFalse) => Jump(Libc.BPF_JEQ, value, ifTrue, ifFalse);

    private static Libc.sock_filter Jump(int test, uint value, byte ifTrue, byte ifFalse) =>
        new() { code = (ushort)(Libc.BPF_JMP | test | Libc.BPF_K), jt = ifTrue, jf = ifFalse, k = value };

    private static Libc.sock_filter Return(int value) => new() { code = Libc.BPF_RET | Libc.BPF_K, k = unchecked((uint)value) };

    private static Libc.sock_filter Refuse(int error) => Return(SeccompApi.SECCOMP_RET_ERRNO | error);

    private static void Check(nint result, string step)
    {
        if (result < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new Win32Exception(error, $"{step}: {Libc.Describe(error)} (errno {error})");
        }
    }
}
