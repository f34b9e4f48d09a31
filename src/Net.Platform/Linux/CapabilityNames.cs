namespace Net.Platform.Linux;

/// <summary>Names of the Linux capabilities by number (linux/capability.h).</summary>
public static class CapabilityNames
{
    private static readonly string[] Names =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP",
        "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER",
        "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE",
        "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP",
        "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF",
        "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>All names in the order of their numbers.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>Names of the capabilities in a set.</summary>
    /// <param name="set">The set, one bit for each.</param>
    /// <returns>The names; a capability newer than this list shows as its number.</returns>
    public static IReadOnlyList<string> InSet(ulong set)
    {
        var names = new List<string>();
        for (int number = 0; number < 64; number++)
        {
            if ((set & (1UL << number)) != 0)
            {
                names.Add(number < Names.Length ? Names[number] : $"CAP_{number}");
            }
        }

        return names;
    }
}
