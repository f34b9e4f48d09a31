using System.Runtime.InteropServices;

namespace Net.Platform.Linux;

/// <summary>Numbers of the system calls a locked worker must not make (arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h for ARM64).
/// From 424 on all architectures share their numbers.</summary>
internal static class SeccompCalls
{
    /// <summary>Calls that are refused whatever their arguments: new sockets and where sockets listen or go, options of sockets, programs, other processes, files by name, namespaces, the
    /// kernel's own interior, and io_uring, which makes other calls without a filter seeing them.</summary>
    /// <param name="architecture">The process's architecture.</param>
    /// <returns>The numbers.</returns>
    internal static int[] Refused(Architecture architecture) => architecture == Architecture.X64
        ? [
            41, 42, 43, 49, 50, 53, 54, 288, // socket, connect, accept, bind, listen, socketpair, setsockopt, accept4
            57, 58, 59, 322, 101, 310, 311, 312, // fork, vfork, execve, execveat, ptrace, process_vm_readv, process_vm_writev, kcmp
            82, 83, 84, 85, 86, 87, 88, 90, 92, 94, 133, 76, 132, // rename, mkdir, rmdir, creat, link, unlink, symlink, chmod, chown, lchown, mknod, truncate, utime
            258, 259, 260, 261, 263, 264, 265, 266, 268, 280, 316, // mkdirat, mknodat, fchownat, futimesat, unlinkat, renameat, linkat, symlinkat, fchmodat, utimensat, renameat2
            161, 155, 165, 166, 167, 168, 272, 308, 139, 169, // chroot, pivot_root, mount, umount2, swapon, swapoff, unshare, setns, sysfs, reboot
            175, 176, 313, 246, 320, 321, 298, 323, // init_module, delete_module, finit_module, kexec_load, kexec_file_load, bpf, perf_event_open, userfaultfd
            248, 249, 250, 103, 153, 154, 172, 173, 304, 303, 300, 135, // add_key, request_key, keyctl, syslog, vhangup, modify_ldt, iopl, ioperm, open_by_handle_at, name_to_handle_at, fanotify_init, personality
            105, 106, 113, 114, 116, 117, 119, 126, 62, 200, // setuid, setgid, setreuid, setregid, setgroups, setresuid, setresgid, capset, kill, tkill
            .. Shared,
        ]
        : [
            198, 203, 202, 200, 201, 199, 208, 242, // socket, connect, accept, bind, listen, socketpair, setsockopt, accept4
            221, 281, 117, 270, 271, 272, // execve, execveat, ptrace, process_vm_readv, process_vm_writev, kcmp
            34, 33, 54, 35, 38, 37, 36, 53, 88, 276, 45, // mkdirat, mknodat, fchownat, unlinkat, renameat, linkat, symlinkat, fchmodat, utimensat, renameat2, truncate
            51, 41, 40, 39, 224, 225, 97, 268, 142, // chroot, pivot_root, mount, umount2, swapon, swapoff, unshare, setns, reboot
            105, 106, 273, 104, 294, 280, 241, 282, // init_module, delete_module, finit_module, kexec_load, kexec_file_load, bpf, perf_event_open, userfaultfd
            217, 218, 219, 116, 58, 265, 264, 262, 92, // add_key, request_key, keyctl, syslog, vhangup, open_by_handle_at, name_to_handle_at, fanotify_init, personality
            146, 144, 145, 143, 159, 147, 149, 91, 129, 130, // setuid, setgid, setreuid, setregid, setgroups, setresuid, setresgid, capset, kill, tkill
            .. Shared,
        ];

    /// <summary>The call that opens files relative to a folder, allowed for reading only.</summary>
    /// <param name="architecture">The process's architecture.</param>
    internal static int OpenAt(Architecture architecture) => architecture == Architecture.X64 ? 257 : 56;

    /// <summary>The old call that opens files; -1 where there is none.</summary>
    /// <param name="architecture">The process's architecture.</param>
    internal static int Open(Architecture architecture) => architecture == Architecture.X64 ? 2 : -1;

    /// <summary>The call that makes threads, allowed, and processes, refused.</summary>
    /// <param name="architecture">The process's architecture.</param>
    internal static int Clone(Architecture architecture) => architecture == Architecture.X64 ? 56 : 220;

    /// <summary>The call that installs a filter.</summary>
    /// <param name="architecture">The process's architecture.</param>
    internal static int Seccomp(Architecture architecture) => architecture == Architecture.X64 ? 317 : 277;

    /// <summary>Calls whose arguments lie in memory, where a filter cannot see them; they are answered as if the kernel did not have them, and the C library uses the older one.</summary>
    internal static int[] Unseen { get; } = [435, 437]; // clone3, openat2

    // io_uring_setup, io_uring_enter, io_uring_register, open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, pidfd_open, pidfd_getfd, process_madvise,
    // mount_setattr, quotactl_fd, fchmodat2, pidfd_send_signal
    private static int[] Shared { get; } = [425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 438, 440, 442, 443, 452, 424];
}
